#include "store/sqlite/readers.h"

#include <boost/asio/post.hpp>
#include <utility>

#include "base/thread.h"

namespace shakehook::sqlite {

ReadSession::ReadSession(const std::string& path)
    : connection(path, Access::kReadOnly),
      search_candidates(connection, path),
      resources(connection, search_candidates),
      sorted_resources(connection, search_candidates),
      events(connection),
      event_list(connection, events),
      deliveries(connection),
      delivery_list(connection, deliveries, events),
      replays(connection, events),
      retries(connection),
      imports(connection),
      statistics(connection),
      sessions(connection),
      audit(connection),
      idempotency_records(connection),
      notices(connection),
      begin(connection, "BEGIN"),
      commit(connection, "COMMIT"),
      health(connection, kFromHealth) {}

bool ScanCounts::Begin(const Uuid& key) {
  const MutexLock lock(mutex_);
  int& scans = scans_[key];
  if (scans >= kScansPerKeyMax) return false;
  ++scans;
  return true;
}

void ScanCounts::End(const Uuid& key) {
  const MutexLock lock(mutex_);
  const auto found = scans_.find(key);
  if (--found->second == 0) scans_.erase(found);
}

Readers::Readers(const std::string& path, int threads)
    : inline_(threads == 0), scans_at_once_(ScansAtOnce(threads)), alive_(std::make_shared<bool>(true)) {
  for (int i = 0; i < std::max(1, threads); ++i) sessions_.push_back(std::make_unique<ReadSession>(path));
  if (inline_) return;
  for (const auto& session : sessions_) threads_.emplace_back([this, &session] { ThreadMain(*session); });
}

Readers::~Readers() {
  *alive_ = false;
  {
    const MutexLock lock(mutex_);
    stopping_ = true;
    changed_.NotifyAll();
  }
  for (std::thread& thread : threads_) thread.join();
}

std::expected<Scan, Refusal> Readers::BeginScan(const Asker& asker) {
  if (!asker.tenant) return Scan(nullptr, asker.key);
  if (scan_counts_->Begin(asker.key)) return Scan(scan_counts_, asker.key);
  return std::unexpected(
      Refusal{.kind = Refusal::Kind::kBusy,
              .detail = std::to_string(kScansPerKeyMax) + " lists and searches that look at many records"});
}

void Readers::Submit(asio::io_context& caller, const Asker& asker, Kind kind, Read read) {
  if (inline_) {
    asio::post(caller, [this, alive = alive_, read = std::move(read)]() mutable {
      if (*alive) read(sessions_[0].get())();
    });
    return;
  }
  {
    const MutexLock lock(mutex_);
    Job job{.caller = &caller, .read = std::move(read), .gone = asker.gone};
    if (!asker.tenant) {
      own_.push_back(std::move(job));
    } else if (kind == Kind::kScan) {
      job.patient = false;
      scans_.Push(asker, std::move(job));
    } else {
      job.patient = short_.CountOf(asker) < kPatientReads;
      short_.Push(asker, std::move(job));
    }
  }
  changed_.NotifyOne();
}

std::optional<Readers::Job> Readers::Take(Kind& kind) {
  kind = Kind::kShort;
  if (!own_.empty()) {
    Job job = std::move(own_.front());
    own_.pop_front();
    return job;
  }
  const bool scans_turn = short_.empty() || short_since_scan_ >= kShortReadsPerScan;
  if (scans_turn && MayScan()) {
    kind = Kind::kScan;
    short_since_scan_ = 0;
    ++scanning_;
    return scans_.Pop();
  }
  if (short_.empty()) return std::nullopt;
  ++short_since_scan_;
  return short_.Pop();
}

void Readers::ThreadMain(ReadSession& session) {
  NameThread("reader");
  std::optional<Kind> done;
  for (;;) {
    Kind kind = Kind::kShort;
    std::optional<Job> job;
    {
      const MutexLock lock(mutex_);
      if (done == Kind::kScan) --scanning_;
      while (!stopping_ && !(job = Take(kind))) changed_.Wait(mutex_);
      if (stopping_) return;
    }
    const bool dropped = !job->patient && job->gone.stop_requested();
    asio::post(*job->caller, job->read(dropped ? nullptr : &session));
    done = kind;
  }
}

}  // namespace shakehook::sqlite
