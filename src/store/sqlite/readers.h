// Readers run reads, on connections of their own: the writer never waits for them, nor they for it (WAL). Each read is
// one short transaction: a snapshot.
//
// Threads: Submit from any thread. A read runs on a reader's thread or, inline, on the loop of its caller; its
//          completion runs on its caller's loop.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <new>
#include <optional>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include "base/loop.h"
#include "base/memory_reserve.h"
#include "base/mutex.h"
#include "store/sqlite/engine/read_queue.h"
#include "store/sqlite/engine/store_verb.h"
#include "store/sqlite/tables/audit_rows.h"
#include "store/sqlite/tables/delivery_list.h"
#include "store/sqlite/tables/event_list.h"
#include "store/sqlite/tables/health_rows.h"
#include "store/sqlite/tables/idempotency_rows.h"
#include "store/sqlite/tables/import_reads.h"
#include "store/sqlite/tables/notice_rows.h"
#include "store/sqlite/tables/replay_reads.h"
#include "store/sqlite/tables/resource_reads.h"
#include "store/sqlite/tables/retries.h"
#include "store/sqlite/tables/search_candidates.h"
#include "store/sqlite/tables/sorted_resources.h"
#include "store/sqlite/tables/statistics_rows.h"
#include "store/sqlite/tables/user_rows.h"

namespace shakehook::sqlite {

// The refusal of a read whose caller has gone.
inline Refusal Dropped() { return {.kind = Refusal::Kind::kUnavailable, .detail = "the client has gone"}; }

// A connection with the statements of all reads.
struct ReadSession {
  explicit ReadSession(const std::string& path);

  Connection connection;
  SearchCandidates search_candidates;
  ResourceReads resources;
  SortedResources sorted_resources;
  EventReads events;
  EventList event_list;
  DeliveryReads deliveries;
  DeliveryList delivery_list;
  ReplayReads replays;
  RetryReads retries;
  ImportReads imports;
  StatisticsReads statistics;
  SessionReads sessions;
  AuditList audit;
  IdempotencyReads idempotency_records;
  NoticeReads notices;
  Statement begin, commit;
  Select<HealthColumns> health;
};

// Ends the transaction of a read that failed, if it is still open.
inline void EndSnapshot(ReadSession& session) {
  if (sqlite3_get_autocommit(session.connection.get())) return;
  sqlite3_exec(session.connection.get(), "ROLLBACK", nullptr, nullptr, nullptr);
}

// Runs one read transaction, so that several statements see the same state.
template <class T, class F>
Stored<T> Snapshot(ReadSession& session, F& read) {
  const RefusableWork refusable;
  try {
    session.begin.Run();
    Stored<T> result = read(session);
    session.commit.Run();
    return result;
  } catch (const SqliteError& error) {
    EndSnapshot(session);
    return std::unexpected(Unavailable(error.what()));
  } catch (const std::bad_alloc&) {
    EndSnapshot(session);
    return std::unexpected(Unavailable("out of memory"));
  }
}

// The most readers that take part in scans at once: one of several is left for short reads.
constexpr int ScansAtOnce(int threads) { return threads > 1 ? threads - 1 : 1; }
// A list or a search whose first read did not complete it is a scan. A key may have this many under way; more are
// refused (kBusy).
inline constexpr int kScansPerKeyMax = 64;
// While both wait, one read of a scan follows this many short ones.
inline constexpr int kShortReadsPerScan = 8;
// A read whose caller has gone is dropped if it continues a scan, or has waited behind this many reads of its own key.
// A client that only closed its sending side still gets its response otherwise.
inline constexpr std::size_t kPatientReads = 8;

// Counts the scans that each key has under way. It outlives the readers if coroutines wait in them.
class ScanCounts {
 public:
  // Tells whether the key may begin another one.
  bool Begin(const Uuid& key);
  void End(const Uuid& key);

 private:
  Mutex mutex_;
  std::map<Uuid, int> scans_ GUARDED_BY(mutex_);
};

// A scan that is under way.
class Scan {
 public:
  Scan(std::shared_ptr<ScanCounts> counts, const Uuid& key) : counts_(std::move(counts)), key_(key) {}
  ~Scan() {
    if (counts_) counts_->End(key_);
  }
  Scan(Scan&&) = default;
  Scan& operator=(Scan&&) = delete;

 private:
  std::shared_ptr<ScanCounts> counts_;
  Uuid key_;
};

// Short reads go before those of scans. Within each kind tenants take turns, and keys of a tenant (read_queue.h); the
// service's own reads go before all.
class Readers {
 public:
  // Runs the read, and returns the task for the caller's loop. Without a session: the read was dropped.
  using Read = std::move_only_function<Task(ReadSession*)>;
  enum class Kind { kShort, kScan };

  // `threads` 0: inline.
  Readers(const std::string& path, int threads);
  // Waiting reads are dropped.
  ~Readers();

  void Submit(asio::io_context& caller, const Asker& asker, Kind kind, Read read);

  // Runs a verb of the Store that only reads: `read` in a snapshot; resumes on the caller's loop.
  template <class T, class F>
  Async<Stored<T>> Run(Asker asker, Kind kind, F read);
  // Runs `read` until it is complete, in as many reads as that takes; others' reads get their turn in between.
  template <class F>
  Async<Stored<Done>> RunScan(Asker asker, F read);
  // A page of a list, by RunScan.
  template <class Page>
  Async<Stored<decltype(Page::page)>> RunPage(decltype(Page::query) query,
                                              Progress (*continue_page)(ReadSession&, Page&));

  // Begins a scan for the asker; kBusy: it has too many.
  std::expected<Scan, Refusal> BeginScan(const Asker& asker);

 private:
  struct Job {
    asio::io_context* caller = nullptr;
    Read read;
    std::stop_token gone;
    bool patient = true;
  };

  void ThreadMain(ReadSession& session);
  bool MayScan() const REQUIRES(mutex_) { return !scans_.empty() && scanning_ < scans_at_once_; }
  // Returns nullopt if no job may run now. It counts the scan that it returns.
  std::optional<Job> Take(Kind& kind) REQUIRES(mutex_);

  const bool inline_;
  const int scans_at_once_;
  std::vector<std::unique_ptr<ReadSession>> sessions_;  // one for each thread
  std::shared_ptr<bool> alive_;                         // inline: false once this is gone, for reads still posted
  const std::shared_ptr<ScanCounts> scan_counts_ = std::make_shared<ScanCounts>();
  Mutex mutex_;
  Condition changed_;
  std::deque<Job> own_ GUARDED_BY(mutex_);  // the service's
  ReadQueue<Job> short_ GUARDED_BY(mutex_);
  ReadQueue<Job> scans_ GUARDED_BY(mutex_);
  int scanning_ GUARDED_BY(mutex_) = 0;  // readers that run a scan
  int short_since_scan_ GUARDED_BY(mutex_) = 0;
  bool stopping_ GUARDED_BY(mutex_) = false;
  std::vector<std::thread> threads_;
};

template <class T, class F>
Async<Stored<T>> Readers::Run(Asker asker, Kind kind, F read) {
  const Executor executor = co_await asio::this_coro::executor;
  asio::io_context& caller = executor.context();
  const KeptLoopWork work;
  Stored<T> result = co_await asio::async_initiate<const asio::use_awaitable_t<Executor>, void(Stored<T>)>(
      [this, &caller, &asker, kind, &read](auto handler) {
        const UnrefusableWork unrefusable;
        Submit(
            caller, asker, kind, [read = std::move(read), handler = std::move(handler)](ReadSession* session) mutable {
              Stored<T> result = session ? Snapshot<T>(*session, read) : Stored<T>(std::unexpected(Dropped()));
              return Task(
                  [result = std::move(result), handler = std::move(handler)]() mutable { handler(std::move(result)); });
            });
      },
      asio::use_awaitable_t<Executor>());
  work.Restore();
  co_return result;
}

template <class F>
Async<Stored<Done>> Readers::RunScan(Asker asker, F read) {
  std::optional<Scan> scan;
  for (;;) {
    auto again = read;
    const auto progress = co_await Run<Progress>(asker, scan ? Kind::kScan : Kind::kShort, std::move(again));
    if (!progress) co_return std::unexpected(progress.error());
    if (*progress == Progress::kComplete) co_return Done();
    if (scan) continue;
    auto begun = BeginScan(asker);
    if (!begun) co_return std::unexpected(std::move(begun.error()));
    scan.emplace(*std::move(begun));
  }
}

template <class Page>
Async<Stored<decltype(Page::page)>> Readers::RunPage(decltype(Page::query) query,
                                                     Progress (*continue_page)(ReadSession&, Page&)) {
  Page listing{.query = std::move(query)};
  Asker asker = listing.query.asker;
  const auto read = [&listing, continue_page](ReadSession& session) { return continue_page(session, listing); };
  const auto complete = co_await RunScan(std::move(asker), read);
  if (!complete) co_return std::unexpected(complete.error());
  co_return std::move(listing.page);
}

}  // namespace shakehook::sqlite
