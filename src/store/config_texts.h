// The texts that the configuration is stored as, in every store: JSON for what has no columns of its own, and, sealed
// with the master key, webhooks' secrets and users' second factors.
//
// Threads: the one that changes the configuration.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/random.h"
#include "base/secret_box.h"
#include "model/custom_field.h"
#include "model/second_factor.h"
#include "model/webhook.h"

namespace shakehook {

std::string OptionsText(const std::vector<CustomFieldOption>& options);
std::vector<CustomFieldOption> ReadOptions(std::string_view text);
// The names of a webhook's own headers.
std::string HeaderNamesText(const Webhook& webhook);

// Each Unseal throws std::runtime_error if the text was not sealed with this key.
class ConfigSecrets {
 public:
  ConfigSecrets(const SecretBox& box, Random& random) : box_(box), random_(random) {}

  // The values of a webhook's own headers, and its secrets.
  std::string Seal(const Webhook& webhook);
  void Unseal(std::string_view sealed, Webhook& webhook) const;
  // Empty: there is none.
  std::string Seal(const std::optional<SecondFactor>& factor);
  std::optional<SecondFactor> UnsealSecondFactor(std::string_view sealed) const;

 private:
  const SecretBox& box_;
  Random& random_;
};

}  // namespace shakehook
