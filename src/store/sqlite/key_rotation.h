// Rotation of the master key: everything that is encrypted at rest, encrypted anew with another key.
//
// One transaction: after a crash, all of it is under the one key or all under the other.
#pragma once

#include <cstdint>
#include <expected>
#include <string>

#include "base/random.h"
#include "base/secret_box.h"

namespace shakehook {

struct RotatedSecrets {
  std::int64_t webhooks = 0;
  std::int64_t kept_answers = 0;
  bool before = false;  // the database was under the new key already: nothing was left to do
};

// No server may run on the database: refused where one does. The error is one line that names the file, and then
// nothing has changed.
std::expected<RotatedSecrets, std::string> RotateMasterKey(const std::string& database, const SecretBox& from,
                                                           const SecretBox& to, Random& random);

}  // namespace shakehook
