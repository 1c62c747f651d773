// Jobs is the background work: imports, replays, the purge and notices.
//
// Ownership: store, records and loop outlive its work; destroyed after the loop has ended.
// Threads:   Start before any thread runs on the loop, or on it; listeners on the store's writer thread.
#pragma once

#include <optional>
#include <string>

#include "jobs/import_jobs.h"
#include "jobs/job_runner.h"
#include "jobs/notice_jobs.h"
#include "jobs/purge_job.h"
#include "jobs/purge_metrics.h"
#include "jobs/replay_jobs.h"

namespace shakehook {

class Jobs {
 public:
  struct Options {
    std::optional<Milliseconds> keep;  // for how long events, deliveries and attempts are kept; absent: for ever
    Transport* notices = nullptr;      // sends notices, on the loop; null: none are sent
    SmtpClient* mail = nullptr;  // sends those by e-mail, on the loop; null: the operator has named no mail server
    std::string public_url;      // for links in notices; empty: there are none
  };
  Jobs(Store& store, Records& records, Loop& loop, prometheus::Registry& metrics, const Options& options)
      : imports_(store, records, loop),
        replays_(store, loop.clock()),
        import_runner_(imports_, loop),
        replay_runner_(replays_, loop) {
    if (options.keep) {
      PurgeMetrics& told = purge_metrics_.emplace(metrics);
      PurgeJob::Calls calls = PurgeJob::CallsOf(store);
      calls.told = [&told](std::int64_t rows, Timestamp before, bool ended) { told.Count(rows, before, ended); };
      purge_.emplace(loop, std::move(calls), *options.keep);
    }
    if (options.notices != nullptr) notices_.emplace(store, loop, *options.notices, options.mail, options.public_url);
    store.AddListener(import_runner_);
    store.AddListener(replay_runner_);
  }

  // Resumes the jobs that ran before. Called once.
  void Start() {
    import_runner_.Wake();
    replay_runner_.Wake();
    if (purge_) purge_->Start();
    if (notices_) notices_->Start();
  }

 private:
  ImportJobs imports_;
  ReplayJobs replays_;
  std::optional<PurgeMetrics> purge_metrics_;
  std::optional<PurgeJob> purge_;
  std::optional<NoticeJobs> notices_;
  JobRunner import_runner_;
  JobRunner replay_runner_;
};

}  // namespace shakehook
