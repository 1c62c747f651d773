// ImportJobs writes the rows of running imports into their venues, a step of some rows in each transaction.
//
// Ownership: store, records and loop outlive it.
// Threads:   lives on its loop; StartedBy on the store's writer thread.
#pragma once

#include <cstdint>
#include <expected>
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
  // A step that is tried until the store takes it. Each try builds its changes from what is stored by then.
  struct StepUnderWay {
    const Import& import;
    const ImportRowsRead& rows;
    std::vector<RefusedRow> refused = {};     // rows whose account was deleted while the step was built
    std::vector<EditTurns::Name> names = {};  // name the records that the last try changes
    std::vector<EditTurns::Turn> turns = {};  // are for these, from the first conflict on
  };
  enum class Tried : std::uint8_t {
    kMoved,       // the step is stored
    kConflict,    // a record or the configuration has changed since it was read
    kRowRefused,  // `refused` has a row more
  };

  Async<Stored<ImportRowsRead>> ReadRows(const Import& import);
  Async<> TakeTurns(StepUnderWay& step);
  // Builds the changes and gives them to the store once. The error says why the step cannot be stored.
  Async<std::expected<Tried, std::string>> Try(StepUnderWay& step);
  static RefusedRow RefusedForItsAccount(const StepUnderWay& step, std::size_t row);

  Store& store_;
  Records& records_;
  Loop& loop_;
  std::unordered_map<Uuid, Import> running_;  // as the store listed them last
};

}  // namespace shakehook
