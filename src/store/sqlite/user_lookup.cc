#include "store/sqlite/user_lookup.h"

#include "model/user.h"
#include "store/sqlite/engine/select.h"

namespace shakehook {
namespace {

struct StoredUserColumns : Columns<Column<"id", UserId>, Column<"name", std::string>, Column<"email", std::string>,
                                   Column<"epoch", std::int64_t>> {};

}  // namespace

std::expected<std::vector<StoredUser>, std::string> FindStoredUsers(const std::string& path, std::string_view who) {
  std::vector<StoredUser> named;
  try {
    sqlite::Connection connection(path, sqlite::Access::kReadOnly);
    sqlite::Select<StoredUserColumns> select(connection, "FROM user");
    for (auto row = select.With(); row.Step();) {
      StoredUser user{
          .id = row.Get<"id">(), .name = row.Get<"name">(), .email = row.Get<"email">(), .epoch = row.Get<"epoch">()};
      if (EmailKey(user.email) == EmailKey(who) || user.id.ToString() == who) return std::vector{std::move(user)};
      if (user.name == who) named.push_back(std::move(user));
    }
  } catch (const sqlite::SqliteError& error) {
    return std::unexpected("cannot read " + path + ": " + error.what());
  }
  return named;
}

}  // namespace shakehook
