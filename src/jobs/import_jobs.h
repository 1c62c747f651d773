// ImportJobs writes the rows of running imports into their venues, a step of some rows in each transaction.
//
// Ownership: store, records and loop outlive it.
// Threads:   lives on its loop; StartedBy on the store's writer thread.
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "jobs/job_runner.h"
#include "model/import.h"
#include "records/import_step.h"
#include "records/records.h"
#include "store/store.h"

namespace shakehook {

class ImportJobs final : public JobKind {
 public:
  ImportJobs(Store& store, Records& records, Loop& loop) : store_(store), records_(records), loop_(loop) {}

  std::string_view name() const override { return "an import"; }
  bool StartedBy(const Commit& commit) const override { return !commit.imports.empty(); }
  bool CanWrite() const override { return store_.writable(); }
  Async<Stored<std::vector<Uuid>>> ListRunning() override;
  Async<std::expected<JobStep, std::string>> Step(Uuid job) override;
  // Cancels the import; the audit log says why.
  Async<bool> GiveUp(Uuid job, std::string reason) override;

 private:
  Async<Stored<ImportRowsRead>> ReadRows(const Import& import);

  Store& store_;
  Records& records_;
  Loop& loop_;
  std::unordered_map<Uuid, Import> running_;  // as the store listed them last
};

}  // namespace shakehook
