// The state of a database's file without a server, and without changing anything in it: for `shakehook doctor`.
#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <string>

#include "base/secret_box.h"

namespace shakehook {

struct DatabaseFacts {
  std::int64_t schema = 0;        // the schema of the file
  std::int64_t schema_known = 0;  // the newest schema that this program knows
  std::int64_t bytes = 0;
  std::int64_t log_bytes = 0;
  bool in_use = false;               // a server holds it
  std::optional<bool> key_is_right;  // absent: no key was given, or the schema is another
};

// Reads the file; `box` is the master key's, or null. The error is one line that names the file.
std::expected<DatabaseFacts, std::string> InspectDatabase(const std::string& path, const SecretBox* box);

}  // namespace shakehook
