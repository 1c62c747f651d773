// A backup: a copy of the database as it stands at one moment, made while a server uses it. Neither side waits for the
// other; what changes meanwhile stays in the server's log, which grows until the copy is done.
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
  Switch replace = Switch::kOff;  // whether a file that is there already may be replaced
  // Asked between pages: true ends it, and leaves nothing.
  std::function<bool()> stop = [] { return false; };
};

// Answers the copy's bytes. It is checked before it gets its name, readable by its owner alone, and whole in itself: no
// log belongs to it. Secrets in it are encrypted with the master key, which is no part of it.
std::expected<std::int64_t, std::string> BackUp(const BackupRequest& request, Random& random);

}  // namespace shakehook
