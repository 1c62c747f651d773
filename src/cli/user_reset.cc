#include "cli/user_reset.h"

#include <filesystem>
#include <system_error>

#include "api/access/operator_link.h"
#include "base/console.h"
#include "base/inert_text.h"
#include "base/random.h"
#include "base/secret_box.h"
#include "cli/key_file.h"
#include "cli/welcome.h"
#include "model/user_link.h"
#include "store/sqlite/inspection.h"
#include "store/sqlite/user_lookup.h"

namespace shakehook {
namespace {

std::expected<StoredUser, std::string> FindOne(const std::string& database, const std::string& who) {
  auto users = FindStoredUsers(database, who);
  if (!users) return std::unexpected(users.error());
  if (users->empty()) return std::unexpected("there is no user " + InertText(who) + " in " + database);
  if (users->size() == 1) return std::move(users->front());
  std::string emails;
  for (const StoredUser& user : *users) emails += (emails.empty() ? "" : ", ") + InertText(user.email);
  return std::unexpected("there are " + std::to_string(users->size()) +
                         " users of that name; give the e-mail address: " + emails);
}

}  // namespace

std::expected<Done, std::string> ResetUser(const Settings& settings, const UserReset& reset, Clock& clock) {
  const std::string& database = settings.database_path;
  std::error_code ignored;
  if (!std::filesystem::exists(database, ignored)) return std::unexpected("there is no database " + database);
  const auto key = ReadMasterKey(MasterKeyPath(settings));
  if (!key) return std::unexpected(key.error());
  const SecretBox box(*key);
  const auto facts = InspectDatabase(database, &box);
  if (!facts) return std::unexpected(facts.error());
  if (facts->key_is_right == false) {
    return std::unexpected(MasterKeyPath(settings) + " is not the master key of " + database);
  }
  const auto user = FindOne(database, reset.who);
  if (!user) return std::unexpected(user.error());
  SecureRandom random;
  const std::string token = SealOperatorLink({.user = user->id,
                                              .epoch = user->epoch,
                                              .expires_at = clock.Now() + kResetLinkAge,
                                              .second_factor_off = reset.second_factor_off},
                                             box, random);
  Print("With this link " + InertText(user->name) + " (" + InertText(user->email) +
        ") chooses a new password. It is good once, for one hour:\n\n  " + DashboardUrl(settings, settings.listen) +
        "/invite#" + token + "\n\n" +
        (reset.second_factor_off == Switch::kOn ? "With the new password the second factor is off.\n" : "") +
        (facts->in_use ? "" : "No server uses the database at the moment; start it before you open the link.\n") +
        "Whoever has the link can use it: give it to nobody else.\n");
  return Done{};
}

}  // namespace shakehook
