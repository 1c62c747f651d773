// Rotation of the master key: everything that is encrypted at rest is encrypted again with another key.
//
// It is one transaction: however it ends, everything is under the one key or everything under the other. After a
// failure only the database can tell which, so neither key may be thrown away then.
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
  std::int64_t idempotency_records = 0;
};

class KeyRotation {
 public:
  // Holds the database; refused if a server uses it. The error is one line that names the file.
  static std::expected<std::unique_ptr<KeyRotation>, std::string> Open(const std::string& database);
  virtual ~KeyRotation() = default;

  // Tells whether the database is under this key.
  virtual bool IsUnder(const SecretBox& box) = 0;
  // Precondition: it is under `from`. The error is one line that names the file.
  virtual std::expected<RotatedSecrets, std::string> Run(const SecretBox& from, const SecretBox& to,
                                                         Random& random) = 0;
};

}  // namespace shakehook
