// A reset link that the operator makes on the machine (`shakehook user reset`), for an administrator who is locked out.
// Its token is what it says, sealed with the master key: nothing of it is written to the database, so it can be made
// while a server uses that and while none does. It is good once, because the epoch that it names ends with its use.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/random.h"
#include "base/secret_box.h"
#include "base/time.h"
#include "model/ids.h"
#include "model/webhook.h"

namespace shakehook {

struct OperatorLink {
  UserId user;
  std::int64_t epoch = 1;  // the user's when the link was made
  Timestamp expires_at;
  Switch second_factor_off = Switch::kOff;  // its use switches the second factor off too

  bool operator==(const OperatorLink&) const = default;
};

// Returns the token; no other token begins like it.
std::string SealOperatorLink(const OperatorLink& link, const SecretBox& box, Random& random);
// Returns nullopt for any text that was not made by SealOperatorLink with this key.
std::optional<OperatorLink> OpenOperatorLink(std::string_view token, const SecretBox& box);

}  // namespace shakehook
