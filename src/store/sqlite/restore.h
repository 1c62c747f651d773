// Restoring a backup: a copy of it takes the database's place, while no server uses that. The old database, with the
// log that a dead server may have left, is kept beside it under another name: a log must never meet a database that it
// does not belong to.
//
// Errors: one line that names the file; then nothing has changed.
#pragma once

#include <cstdint>
#include <expected>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/random.h"
#include "base/time.h"
#include "model/webhook.h"

namespace shakehook {

struct RestoreRequest {
  std::string backup;
  std::string database;
  Switch replace = Switch::kOff;  // a database that is there already may be replaced
  Timestamp now;                  // for the name of what was there
  // Asked while it is copied: true ends it.
  std::function<bool()> stop = [] { return false; };
};

// Who may come in by the backup, beside who could until now.
struct RestoredAccess {
  std::vector<std::string> keys_back;       // API keys that were deleted since
  std::vector<std::string> keys_gone;       // made since the backup
  std::vector<std::string> users_back;      // e-mails of users that were deleted since
  std::vector<std::string> users_gone;      // made since the backup
  std::vector<std::string> passwords_back;  // e-mails of users whose passwords were changed since
  std::int64_t sessions_back = 0;           // ended since the backup
};

struct Restored {
  std::int64_t bytes = 0;
  std::string kept;  // the name of what was there; empty: there was nothing
  // Absent if there was no database, or it could not be read.
  std::optional<RestoredAccess> access;
  std::int64_t keys = 0, users = 0, sessions = 0;  // in the backup
};

std::expected<Restored, std::string> Restore(const RestoreRequest& request, Random& random);

}  // namespace shakehook
