// ImportRunner goes on with the imports that run: some rows of each in turn, with pauses, so that those who wait for
// the store hardly notice. It asks the store only while one runs; who starts one wakes it.
//
// Ownership: services and the loop outlive its work; destroyed after the loop has ended.
// Threads:   Wake from any thread once Start has been called; all else on its loop.
// Loss:      holds nothing that the store does not; imports go on where they were after Start().
#pragma once

#include <expected>
#include <string>
#include <unordered_map>

#include "api/api_services.h"
#include "api/import_step.h"
#include "model/import.h"

namespace shakehook {

class ImportRunner {
 public:
  explicit ImportRunner(ApiServices& services) : services_(services) {}

  // Goes on with those that ran before. Once, before any thread runs.
  void Start(Loop& loop);
  // Nothing happens before Start.
  void Wake();

 private:
  void Continue();
  Async<> Run();
  // The error says why it could not move.
  Async<std::expected<Done, std::string>> Step(const Import& import);
  // Ends an import that cannot go on though the store can write, after kFailuresMax steps that failed one after the
  // other; the log and the audit log say why.
  Async<> Failed(const Import& import, std::string reason);
  Async<Stored<ImportRowsRead>> ReadRows(const Import& import);

  ApiServices& services_;
  Loop* loop_ = nullptr;
  std::unordered_map<ImportId, int> failures_;  // steps that failed one after the other
  bool running_ = false;
  bool woken_ = false;  // one was started since those that run were last read
};

}  // namespace shakehook
