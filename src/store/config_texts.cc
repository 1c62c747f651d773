#include "store/config_texts.h"

#include <algorithm>
#include <cstdint>
#include <stdexcept>
#include <utility>

#include "base/check.h"
#include "base/digest.h"
#include "base/encoding.h"
#include "base/json.h"

namespace shakehook {
namespace {

Digest DigestOf(std::string_view bytes) {
  Digest digest;
  CHECK(bytes.size() == digest.size());
  std::ranges::copy(bytes, digest.begin());
  return digest;
}

std::string_view TextOf(const std::vector<std::uint8_t>& bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

}  // namespace

std::string OptionsText(const std::vector<CustomFieldOption>& options) {
  Json::Array array;
  for (const CustomFieldOption& option : options) {
    Json entry;
    entry.Add("label", Json(option.label)).Add("value", option.value);
    array.push_back(std::move(entry));
  }
  return ToString(Json(std::move(array)));
}

std::vector<CustomFieldOption> ReadOptions(std::string_view text) {
  std::vector<CustomFieldOption> options;
  const auto parsed = ParseJson(text);
  CHECK(parsed && parsed->array());
  for (const Json& entry : *parsed->array()) options.push_back({*entry.Find("label")->text(), *entry.Find("value")});
  return options;
}

std::string HeaderNamesText(const Webhook& webhook) {
  Json::Array names;
  for (const auto& [name, value] : webhook.headers) names.push_back(Json(name));
  return ToString(Json(std::move(names)));
}

// --- Webhooks' secrets ---

std::string ConfigSecrets::Seal(const Webhook& webhook) {
  Json::Array headers;
  for (const auto& [name, value] : webhook.headers) headers.push_back(Json(Json::Array{Json(name), Json(value)}));
  Json secrets;
  secrets.Add("headers", Json(std::move(headers)))
      .Add("current", Json(webhook.secrets.current))
      .Add("previous", Json(webhook.secrets.previous));
  return box_.Seal(ToString(secrets), random_);
}

void ConfigSecrets::Unseal(std::string_view sealed, Webhook& webhook) const {
  const auto opened = box_.Open(sealed);
  if (!opened)
    throw std::runtime_error("a webhook's secret cannot be decrypted: the master key is not this database's");
  const auto secrets = ParseJson(*opened);
  CHECK(secrets);
  for (const Json& header : *secrets->Find("headers")->array()) {
    webhook.headers.emplace_back(*header.array()->at(0).text(), *header.array()->at(1).text());
  }
  webhook.secrets.current = *secrets->Find("current")->text();
  webhook.secrets.previous = *secrets->Find("previous")->text();
}

// --- Second factors ---

std::string ConfigSecrets::Seal(const std::optional<SecondFactor>& factor) {
  if (!factor) return {};
  Json::Array recovery;
  for (const Digest& hash : factor->recovery_hashes) recovery.push_back(Json(ToHex(hash)));
  Json json;
  json.Add("secret", Json(ToBase64(AsBytes(factor->secret))))
      .Add("confirmed", factor->confirmed == Switch::kOn)
      .Add("used_step", factor->used_step)
      .Add("recovery", Json(std::move(recovery)));
  return box_.Seal(ToString(json), random_);
}

std::optional<SecondFactor> ConfigSecrets::UnsealSecondFactor(std::string_view sealed) const {
  if (sealed.empty()) return std::nullopt;
  const auto opened = box_.Open(sealed);
  if (!opened) {
    throw std::runtime_error("a user's second factor cannot be decrypted: the master key is not this database's");
  }
  const auto json = ParseJson(*opened);
  CHECK(json);
  SecondFactor factor{.secret = std::string(TextOf(*FromBase64(*json->Find("secret")->text()))),
                      .confirmed = *json->Find("confirmed")->boolean() ? Switch::kOn : Switch::kOff,
                      .used_step = *json->Find("used_step")->integer(),
                      .recovery_hashes = {}};
  for (const Json& hash : *json->Find("recovery")->array()) {
    factor.recovery_hashes.push_back(DigestOf(TextOf(*FromHex(*hash.text()))));
  }
  return factor;
}

}  // namespace shakehook
