// Users in JSON: as the API shows them, and their fields as a body gives them.
#pragma once

#include <optional>
#include <string>

#include "api/access/user_link.h"
#include "api/http/field_reader.h"
#include "base/json.h"
#include "model/user.h"

namespace shakehook {

inline constexpr std::size_t kPasswordCharactersMin = 12;
inline constexpr std::size_t kPasswordBytesMax = 1024;
inline constexpr std::size_t kEmailBytesMax = 254;  // RFC 5321, section 4.5.3.1.3
inline constexpr std::size_t kLanguageBytesMax = 35;
inline constexpr std::size_t kUsersMax = 10'000;

std::string_view ToString(Role role);
std::optional<Role> ParseRole(std::string_view text);

// Never contains the hash of the password. The link has its URL only if `made` is given: it is shown once.
Json UserJson(const User& user, const std::optional<NewUserLink>& made = {});

// Each reads a field of the body into `value`, which stays as it is if the field is absent or refused.
void ReadEmail(FieldReader& fields, std::string& value);
void ReadLanguage(FieldReader& fields, std::string& value);
void ReadRole(FieldReader& fields, Role& value);
void ReadSwitch(FieldReader& fields, std::string_view name, Switch& value);
// Returns the password that `name` has; nullopt if it is absent or refused.
std::optional<std::string> ReadNewPassword(FieldReader& fields, std::string_view name);

// 409.
Problem EmailTaken();

}  // namespace shakehook
