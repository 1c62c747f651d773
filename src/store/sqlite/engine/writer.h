// Writer is the only part that changes the database. It takes everything that waits, runs it in one transaction,
// commits, tells the listeners, and then resumes each caller: one durable commit for many changes, at once when idle.
//
// A group contains at most one change of the configuration, which runs last: the ConfigCache is changed after the
// commit, so until then it is right for every verb of the group. The others of a group need not wait for it.
//
// Groups are bounded in rows, and tenants take turns in them (WriteQueue): a tenant that asks for much waits for
// itself.
//
// Threads: Submit from any thread. Verbs run on the writer's thread, or (inline) on the loop of a caller, one at a
//          time. Completions run on their callers' loops, one post for each loop and commit.
#pragma once

#include <atomic>
#include <boost/asio/io_context.hpp>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <thread>
#include <vector>

#include "base/fair_queue.h"
#include "base/loop.h"
#include "base/mutex.h"
#include "store/sqlite/engine/write_session.h"

namespace shakehook::sqlite {

class WriteVerb {
 public:
  enum class Urgency : std::uint8_t {
    kAtOnce,
    kMayWait,  // some milliseconds, for other verbs to join
  };
  enum class Kind : std::uint8_t {
    kRecords,        // reads the ConfigCache at most
    kConfiguration,  // changes the ConfigCache after the commit
  };
  // The queue orders verbs by this.
  struct Ticket {
    Urgency urgency = Urgency::kAtOnce;
    Kind kind = Kind::kRecords;
    TenantKey tenant = {};
    std::size_t rows = 1;  // an estimate of the rows that it writes. 0: it goes before all others (results of attempts)
  };

  WriteVerb(asio::io_context& caller, Ticket ticket) : caller(caller), ticket(ticket) {}
  virtual ~WriteVerb() = default;

  // Runs within the transaction. It may run a second time, in another one, if the first could not be committed.
  virtual void Run(WriteSession& session) = 0;
  // Called if the transaction could not be committed.
  virtual void Fail(const std::string& reason) = 0;
  // Resumes the caller, on its loop.
  virtual void Complete() = 0;

  asio::io_context& caller;
  const Ticket ticket;
};

// WriteQueue holds the verbs that wait for the writer, and is fair between tenants.
//
// Threads: its owner's lock protects it.
class WriteQueue {
 public:
  using Group = std::vector<std::unique_ptr<WriteVerb>>;

  // A commit with this many rows takes some 10 ms, and a change by another tenant may have to wait for it.
  static constexpr std::size_t kGroupRowsMax = 2'500;
  static constexpr std::size_t kGroupMax = 1'000;  // verbs

  // Tells whether a tenant's verbs that change records may be committed now.
  using MayWrite = std::function<bool(TenantKey)>;

  void Push(std::unique_ptr<WriteVerb> verb);
  // Returns the verbs to commit together next: within the two limits, but at least one if there is one that may be
  // committed, and at most one of the configuration, as the last. Verbs of tenants that may not write are held, until
  // a later call finds that they may; these and the others then have half of a group each, or one verb that is larger.
  // `may_write` null: all may.
  Group Take(const MayWrite& may_write = nullptr);

  // Tells whether verbs are held. They are not counted below.
  bool holds() const { return !held_.empty(); }
  bool empty() const { return size() == 0; }
  std::size_t size() const { return records_.size() + configuration_.size(); }
  // Tells whether there is a verb that must not wait for others.
  bool urgent() const { return urgent_ > 0; }

 private:
  // Returns held verbs that may be committed now: half of a group, or one verb that is larger.
  Group TakeHeld(const MayWrite& may_write);
  // Returns the next verb, which waits no more.
  std::unique_ptr<WriteVerb> Pop(FairQueue<std::unique_ptr<WriteVerb>>& queue);

  FairQueue<std::unique_ptr<WriteVerb>> records_, configuration_;
  // By tenant, in the order in which they came.
  std::map<std::uint64_t, std::deque<std::unique_ptr<WriteVerb>>> held_;
  std::uint64_t last_held_ = 0;  // the tenant whose turn was last
  std::size_t urgent_ = 0;
};

class Writer {
 public:
  enum class Mode { kThread, kInline };

  // Runs a group: see GroupCommit. The verbs get their results by it; it returns when they may complete, with whether
  // the database could be written. While it could not, an empty group runs every second, so that a recovery is noticed
  // even if no verb comes (kThread; inline, the next verb finds out).
  using RunGroup = std::function<bool(std::vector<std::unique_ptr<WriteVerb>>& group)>;

  // `after_group` runs once the callers of a group were told: for work that none of them needs to wait for. While verbs
  // are held (WriteQueue::MayWrite) it runs every few milliseconds, and gets the time since which some are.
  using AfterGroup = std::function<void(Microseconds held_for)>;

  // `may_write` null: no verb is ever held.
  Writer(Mode mode, RunGroup run_group, AfterGroup after_group, WriteQueue::MayWrite may_write = nullptr);
  // Waiting verbs are dropped, and their callers are never resumed.
  ~Writer();

  void Submit(std::unique_ptr<WriteVerb> verb);

  // Tells how long the writer has been at its group, until `now`; zero: it waits for verbs. Any thread.
  Microseconds TimeAtGroup(SteadyTime now) const;

 private:
  using Group = WriteQueue::Group;

  void ThreadMain();
  void WaitForCompany() REQUIRES(mutex_);
  void Finish(Group group);

  const Mode mode_;
  const RunGroup run_group_;
  const AfterGroup after_group_;
  const WriteQueue::MayWrite may_write_;
  Mutex mutex_;
  Condition changed_;
  WriteQueue queue_ GUARDED_BY(mutex_);
  std::size_t last_group_ GUARDED_BY(mutex_) = 0;
  // The thread wakes at this many verbs, or at the first urgent one. Waking it for each verb would cost more than the
  // verb.
  static constexpr std::size_t kNotWaiting = SIZE_MAX;
  std::size_t wake_at_ GUARDED_BY(mutex_) = kNotWaiting;
  bool wake_for_urgent_ GUARDED_BY(mutex_) = false;
  bool scheduled_ GUARDED_BY(mutex_) = false;  // inline: a turn is posted
  bool stopping_ GUARDED_BY(mutex_) = false;
  std::optional<SteadyTime> held_since_;  // belongs to the writer's thread
  bool writable_ = true;                  // the last group could be written; belongs to the writer's thread
  std::atomic<SteadyTime> group_began_ = SteadyTime::max();  // the maximum: there is none
  std::shared_ptr<bool> alive_;                              // inline: false once this is gone, for turns still posted
  std::thread thread_;
};

}  // namespace shakehook::sqlite
