#include "api/access/user_fields.h"

#include <algorithm>
#include <array>

#include "api/access/visible.h"
#include "base/utf8.h"

namespace shakehook {
namespace {

constexpr std::array<std::string_view, 3> kRoleNames = {"administrator", "manager", "viewer"};

// The mail server judges the rest of the address.
bool IsEmail(std::string_view text) {
  const std::size_t at = text.find('@');
  return at != std::string_view::npos && at > 0 && at + 1 < text.size() &&
         std::ranges::none_of(text, [](char c) { return (c >= 0 && c <= ' ') || c == '\x7f'; });
}

bool IsLanguageTag(std::string_view text) {
  const auto is_letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
  return text.size() >= 2 && is_letter(text.front()) && !text.ends_with('-') &&
         std::ranges::all_of(text, [&](char c) { return is_letter(c) || (c >= '0' && c <= '9') || c == '-'; });
}

}  // namespace

std::string_view ToString(Role role) { return kRoleNames[static_cast<std::size_t>(role)]; }

std::optional<Role> ParseRole(std::string_view text) {
  const auto found = std::ranges::find(kRoleNames, text);
  if (found == kRoleNames.end()) return std::nullopt;
  return static_cast<Role>(found - kRoleNames.begin());
}

Json UserJson(const User& user, const std::optional<NewUserLink>& made) {
  Json json{Json::Object()};
  json.Add("id", user.id.ToString());
  json.Add("name", user.name);
  json.Add("email", user.email);
  json.Add("role", ToString(user.role));
  json.Add("scope", ToJson(user.scope));
  json.Add("language", user.language.empty() ? Json() : Json(user.language));
  json.Add("created_at", UnixMs(user.created_at));
  json.Add("last_signed_in_at", user.last_signed_in_at ? Json(UnixMs(*user.last_signed_in_at)) : Json());
  json.Add("state", user.IsInvited() ? "invited" : "active");
  json.Add("must_change_password", user.must_change_password == Switch::kOn);
  json.Add("second_factor", user.HasSecondFactor());
  json.Add("link", made ? NewUserLinkJson(*made) : user.link ? UserLinkJson(*user.link) : Json());
  return json;
}

void ReadEmail(FieldReader& fields, std::string& value) {
  const auto email = fields.PresentText("email", kEmailBytesMax);
  if (!email) return;
  if (!IsEmail(*email)) return fields.Refuse("email", {"not_an_email", "must be an e-mail address"});
  value = *email;
}

void ReadLanguage(FieldReader& fields, std::string& value) {
  if (fields.IsNull("language")) value.clear();
  const auto language = fields.Text("language", kLanguageBytesMax);
  if (!language) return;
  if (!language->empty() && !IsLanguageTag(*language)) {
    return fields.Refuse("language", {"not_one_of", "must be {choices}", "a language tag such as \"en\" or \"fr\""});
  }
  value = *language;
}

void ReadRole(FieldReader& fields, Role& value) {
  const auto name = fields.PresentText("role");
  if (!name) return;
  const auto role = ParseRole(*name);
  if (!role) return fields.Refuse("role", {"not_one_of", "must be {choices}", "administrator, manager or viewer"});
  value = *role;
}

void ReadSwitch(FieldReader& fields, std::string_view name, Switch& value) {
  if (fields.IsNull(name)) return fields.Refuse(name, {"not_clearable", "must be true or false, not null"});
  if (const auto on = fields.Boolean(name)) value = *on ? Switch::kOn : Switch::kOff;
}

std::optional<std::string> ReadNewPassword(FieldReader& fields, std::string_view name) {
  auto password = fields.PresentText(name, kPasswordBytesMax);
  if (!password) return std::nullopt;
  if (CountCharacters(*password) < kPasswordCharactersMin) {
    fields.Refuse(name, {"too_short", "must have at least {min} characters", kPasswordCharactersMin});
    return std::nullopt;
  }
  return password;
}

Problem EmailTaken() { return {"already-exists", "There is a user with this e-mail address already."}; }

}  // namespace shakehook
