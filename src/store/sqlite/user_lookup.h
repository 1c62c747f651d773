// Finds users in the database's file, without a server and without changing anything: for `shakehook user reset`. A
// server may use the file meanwhile.
#pragma once

#include <cstdint>
#include <expected>
#include <string>
#include <string_view>
#include <vector>

#include "model/ids.h"

namespace shakehook {

struct StoredUser {
  UserId id;
  std::string name;
  std::string email;
  std::int64_t epoch = 1;

  bool operator==(const StoredUser&) const = default;
};

// Returns the user of that e-mail address or id; where there is none, those of that name. The error is one line that
// names the file.
std::expected<std::vector<StoredUser>, std::string> FindStoredUsers(const std::string& path, std::string_view who);

}  // namespace shakehook
