// Readers run what only reads, on connections of their own: the writer never waits for them, nor they for it (WAL).
// Each read is one short transaction: a snapshot.
//
// Threads: Submit from any thread. A read runs on a reader's thread or, inline, on the loop of its caller; its
//          completion runs on its caller's loop.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "base/loop.h"
#include "base/mutex.h"
#include "store/sqlite/audit_rows.h"
#include "store/sqlite/delivery_list.h"
#include "store/sqlite/event_list.h"
#include "store/sqlite/health_rows.h"
#include "store/sqlite/import_reads.h"
#include "store/sqlite/kept_answer_rows.h"
#include "store/sqlite/replay_reads.h"
#include "store/sqlite/resource_reads.h"
#include "store/sqlite/sorted_resources.h"
#include "store/sqlite/statistics_rows.h"
#include "store/sqlite/store_verb.h"
#include "store/sqlite/user_rows.h"

namespace shakehook::sqlite {

// A connection with all that is read on it.
struct ReadSession {
  explicit ReadSession(const std::string& path);

  Connection connection;
  ResourceReads resources;
  SortedResources sorted_resources;
  EventReads events;
  EventList event_list;
  DeliveryReads deliveries;
  DeliveryList delivery_list;
  ReplayReads replays;
  ImportReads imports;
  StatisticsReads statistics;
  SessionReads sessions;
  AuditList audit;
  KeptAnswerReads kept_answers;
  Statement begin, commit, health;
};

// One read transaction, so that several statements see the same state.
template <class T, class F>
Stored<T> Snapshot(ReadSession& session, F& read) {
  try {
    session.begin.Run();
    Stored<T> result = read(session);
    session.commit.Run();
    return result;
  } catch (const SqliteError& error) {
    if (!sqlite3_get_autocommit(session.connection.get())) {
      sqlite3_exec(session.connection.get(), "ROLLBACK", nullptr, nullptr, nullptr);
    }
    return std::unexpected(Unavailable(error.what()));
  }
}

class Readers {
 public:
  // Reads, and gives what is to run on the caller's loop.
  using Read = std::move_only_function<Task(ReadSession&)>;

  // `threads` 0: inline.
  Readers(const std::string& path, int threads);
  // Reads that wait are dropped.
  ~Readers();

  void Submit(asio::io_context& caller, Read read);

  // A verb of the Store that only reads: runs `read` in a snapshot, and resumes on the caller's loop.
  template <class T, class F>
  Async<Stored<T>> Run(F read);
  // A page of a list, in as many reads as it takes; others' reads get their turn in between.
  template <class Page>
  Async<Stored<decltype(Page::page)>> RunPage(decltype(Page::query) query,
                                              Progress (*continue_page)(ReadSession&, Page&));

 private:
  struct Job {
    asio::io_context& caller;
    Read read;
  };

  void ThreadMain(ReadSession& session);

  const bool inline_;
  std::vector<std::unique_ptr<ReadSession>> sessions_;  // one for each thread
  std::shared_ptr<bool> alive_;                         // inline: false once this is gone, for reads still posted
  Mutex mutex_;
  Condition changed_;
  std::deque<Job> jobs_ GUARDED_BY(mutex_);
  bool stopping_ GUARDED_BY(mutex_) = false;
  std::vector<std::thread> threads_;
};

template <class T, class F>
Async<Stored<T>> Readers::Run(F read) {
  const Executor executor = co_await asio::this_coro::executor;
  asio::io_context& caller = executor.context();
  co_return co_await asio::async_initiate<const asio::use_awaitable_t<Executor>, void(Stored<T>)>(
      [this, &caller, &read](auto handler) {
        Submit(caller, [read = std::move(read), handler = std::move(handler)](ReadSession& session) mutable {
          return Task([result = Snapshot<T>(session, read), handler = std::move(handler)]() mutable {
            handler(std::move(result));
          });
        });
      },
      asio::use_awaitable_t<Executor>());
}

template <class Page>
Async<Stored<decltype(Page::page)>> Readers::RunPage(decltype(Page::query) query,
                                                     Progress (*continue_page)(ReadSession&, Page&)) {
  Page listing{.query = std::move(query)};
  for (;;) {
    const auto progress =
        co_await Run<Progress>([&listing, continue_page](ReadSession& s) { return continue_page(s, listing); });
    if (!progress) co_return std::unexpected(progress.error());
    if (*progress == Progress::kComplete) co_return std::move(listing.page);
  }
}

}  // namespace shakehook::sqlite
