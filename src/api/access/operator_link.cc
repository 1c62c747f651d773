#include "api/access/operator_link.h"

#include "base/encoding.h"
#include "base/json.h"

namespace shakehook {
namespace {

// The full stop is no character of base64: the other tokens have none.
constexpr std::string_view kStart = "operator.";
// A sealed text of another kind never begins like this.
constexpr std::string_view kPurpose = "shakehook user reset\n";

}  // namespace

std::string SealOperatorLink(const OperatorLink& link, const SecretBox& box, Random& random) {
  Json json{Json::Object()};
  json.Add("user", link.user.ToString());
  json.Add("epoch", link.epoch);
  json.Add("expires_at", UnixMs(link.expires_at));
  json.Add("second_factor_off", link.second_factor_off == Switch::kOn);
  return std::string(kStart) + ToBase64Url(AsBytes(box.Seal(std::string(kPurpose) + ToString(json), random)));
}

std::optional<OperatorLink> OpenOperatorLink(std::string_view token, const SecretBox& box) {
  if (!token.starts_with(kStart)) return std::nullopt;
  const auto sealed = FromBase64Url(token.substr(kStart.size()));
  if (!sealed) return std::nullopt;
  const auto opened = box.Open({reinterpret_cast<const char*>(sealed->data()), sealed->size()});
  if (!opened || !opened->starts_with(kPurpose)) return std::nullopt;
  const auto json = ParseJson(std::string_view(*opened).substr(kPurpose.size()));
  const auto user = json ? UserId::Parse(*json->Find("user")->text()) : std::nullopt;
  if (!user) return std::nullopt;
  return OperatorLink{.user = *user,
                      .epoch = *json->Find("epoch")->integer(),
                      .expires_at = FromUnixMs(*json->Find("expires_at")->integer()),
                      .second_factor_off = *json->Find("second_factor_off")->boolean() ? Switch::kOn : Switch::kOff};
}

}  // namespace shakehook
