// Writer is the one that changes the database. It takes everything that waits, runs it in one transaction, commits,
// tells the listeners, and then resumes each caller: one durable commit for many changes, at once when idle.
//
// A change of the configuration is a group of its own, so that the Directory, which is changed after the commit, always
// says how things stand for every other verb.
//
// Threads: Submit from any thread. Verbs run on the writer's thread, or (inline) on the loop of a caller, one at a
//          time. Completions run on their callers' loops, one post for each loop and commit.
#pragma once

#include <boost/asio/io_context.hpp>
#include <cstdint>
#include <functional>
#include <memory>
#include <thread>
#include <vector>

#include "base/loop.h"
#include "base/mutex.h"
#include "store/sqlite/write_session.h"

namespace shakehook::sqlite {

class WriteVerb {
 public:
  // kAlone: a group of its own. kMayWait: may wait some milliseconds for company.
  enum class Urgency { kAtOnce, kAlone, kMayWait };

  WriteVerb(asio::io_context& caller, Urgency urgency) : caller(caller), urgency(urgency) {}
  virtual ~WriteVerb() = default;

  // Within the transaction. May run a second time, in another, if the first one could not be committed.
  virtual void Run(WriteSession& session) = 0;
  // The transaction could not be committed.
  virtual void Fail(const std::string& reason) = 0;
  // Resumes the caller, on its loop.
  virtual void Complete() = 0;

  asio::io_context& caller;
  const Urgency urgency;
};

class Writer {
 public:
  enum class Mode { kThread, kInline };

  // Runs a group: see GroupCommit. The verbs are told their results by it; it returns when they may complete, and says
  // whether the database could be written. While it could not, an empty group is run every second, so that it is known
  // when it can be again even where nobody asks for anything (kThread; inline, the next verb tells).
  using RunGroup = std::function<bool(std::vector<std::unique_ptr<WriteVerb>>& group)>;

  // `after_group` runs once the callers of a group were told: for what none of them needs to wait for.
  Writer(Mode mode, RunGroup run_group, std::function<void()> after_group);
  // Verbs that wait are dropped, their callers never resumed.
  ~Writer();

  void Submit(std::unique_ptr<WriteVerb> verb);

 private:
  using Group = std::vector<std::unique_ptr<WriteVerb>>;

  void ThreadMain();
  // What may be committed together, from the front of the queue.
  Group TakeGroup() REQUIRES(mutex_);
  void WaitForCompany() REQUIRES(mutex_);
  void Finish(Group group);

  const Mode mode_;
  const RunGroup run_group_;
  const std::function<void()> after_group_;
  Mutex mutex_;
  Condition changed_;
  std::vector<std::unique_ptr<WriteVerb>> queue_ GUARDED_BY(mutex_);
  std::size_t urgent_ GUARDED_BY(mutex_) = 0;  // verbs in the queue that wait for nothing
  std::size_t last_group_ GUARDED_BY(mutex_) = 0;
  // What the thread waits for: this many verbs, or the first that waits for nothing. To wake it for each would cost
  // more than the verb.
  static constexpr std::size_t kNotWaiting = SIZE_MAX;
  std::size_t wake_at_ GUARDED_BY(mutex_) = kNotWaiting;
  bool wake_for_urgent_ GUARDED_BY(mutex_) = false;
  bool scheduled_ GUARDED_BY(mutex_) = false;  // inline: a turn is posted
  bool stopping_ GUARDED_BY(mutex_) = false;
  bool writable_ = true;         // whether the last group could be written; the writer's thread's
  std::shared_ptr<bool> alive_;  // inline: false once this is gone, for turns still posted
  std::thread thread_;
};

}  // namespace shakehook::sqlite
