// Rotation of the master key: everything that is encrypted at rest, encrypted anew with another key.
//
// One transaction: whatever ends it, all of it is under the one key or all under the other. Which of them, only the
// database can tell after a failure, so neither key may be thrown away then.
#pragma once

#include <cstdint>
#include <expected>
#include <memory>
#include <string>

#include "base/random.h"
#include "base/secret_box.h"

namespace shakehook {

struct RotatedSecrets {
  std::int64_t webhooks = 0;
  std::int64_t kept_answers = 0;
};

class KeyRotation {
 public:
  // Holds the database, on which no server may run: refused where one does. The error is one line that names the file.
  static std::expected<std::unique_ptr<KeyRotation>, std::string> Open(const std::string& database);
  virtual ~KeyRotation() = default;

  // Whether the database is under this key.
  virtual bool IsUnder(const SecretBox& box) = 0;
  // Precondition: it is under `from`. The error is one line that names the file.
  virtual std::expected<RotatedSecrets, std::string> Run(const SecretBox& from, const SecretBox& to,
                                                         Random& random) = 0;
};

}  // namespace shakehook
