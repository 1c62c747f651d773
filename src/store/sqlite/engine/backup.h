// A backup: a copy of the database as it is at one moment, made while a server uses it. Neither side waits for the
// other; later changes stay in the server's log, which grows until the copy is done.
//
// Errors: one line that names the file. There is never half a backup under its name.
#pragma once

#include <cstdint>
#include <expected>
#include <functional>
#include <string>

#include "base/random.h"
#include "model/webhook.h"

namespace shakehook {

struct BackupRequest {
  std::string database;
  std::string target;
  Switch replace = Switch::kOff;  // a file that is there already may be replaced
  // Asked between pages: true ends it, and leaves nothing.
  std::function<bool()> stop = [] { return false; };
};

// Returns the copy's size in bytes. The copy is checked before it gets its name, only its owner can read it, and it is
// complete in one file without a log. Secrets in it are encrypted with the master key, which is no part of it.
std::expected<std::int64_t, std::string> BackUp(const BackupRequest& request, Random& random);

}  // namespace shakehook
