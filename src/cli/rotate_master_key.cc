#include "cli/rotate_master_key.h"

#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <system_error>

#include "base/file_name.h"
#include "cli/key_file.h"
#include "store/sqlite/key_rotation.h"

namespace shakehook {
namespace {

bool Exists(const std::string& path) {
  std::error_code ignored;
  return std::filesystem::exists(std::filesystem::symlink_status(path, ignored));
}

std::string PathOfNew(const std::string& key_path) { return key_path + ".new"; }

// Lets the new key's file take the old one's place; answers where the old one is kept.
std::expected<std::string, std::string> Exchange(const std::string& key_path, const std::string& new_path,
                                                 Timestamp now, Random& random) {
  const auto old_text = ReadKeyFile(key_path);
  if (!old_text) return std::unexpected(old_text.error());
  const std::string kept_path = key_path + ".until-" + std::to_string(UnixMs(now) / 1000);
  if (const auto made = MakeKeyFile(kept_path, *old_text, random); !made) return std::unexpected(made.error());
  if (const int error = NameInPlaceOf(new_path, key_path)) {
    return std::unexpected("the database is under the new key, which " + new_path + " holds and cannot be renamed to " +
                           key_path + ": " + std::generic_category().message(error));
  }
  return kept_path;
}

}  // namespace

std::expected<Done, std::string> RotateMasterKeyFile(const Settings& settings,
                                                     const std::optional<std::string>& new_key_file, Clock& clock) {
  SecureRandom random;
  const std::string key_path = MasterKeyPath(settings);
  const std::string new_path = new_key_file.value_or(PathOfNew(key_path));
  if (!Exists(settings.database_path)) {
    return std::unexpected("there is no database " + settings.database_path);
  }
  const auto from = ReadMasterKey(key_path);
  if (!from) return std::unexpected(from.error());
  auto made = KeyFileMade::kExists;
  if (!Exists(new_path)) {
    const auto result = MakeMasterKey(new_path, random);
    if (!result) return std::unexpected(result.error());
    made = *result;
  }
  const auto to = ReadMasterKey(new_path);
  if (!to) return std::unexpected(to.error());
  if (*to == *from) return std::unexpected(new_path + " and " + key_path + " hold the same key");

  const auto rotated = RotateMasterKey(settings.database_path, SecretBox(*from), SecretBox(*to), random);
  if (!rotated) {
    if (made == KeyFileMade::kYes) ::unlink(new_path.c_str());
    return std::unexpected(rotated.error());
  }
  if (rotated->before) {
    std::printf("%s was under the new master key already.\n", settings.database_path.c_str());
  } else {
    std::printf("%s is under a new master key (webhooks: %lld, kept answers: %lld).\n", settings.database_path.c_str(),
                static_cast<long long>(rotated->webhooks), static_cast<long long>(rotated->kept_answers));
  }
  if (new_key_file) {
    std::printf("Start the server with --master-key-file %s from now on. Earlier backups still need %s.\n",
                new_path.c_str(), key_path.c_str());
    return Done{};
  }
  const auto kept = Exchange(key_path, new_path, clock.Now(), random);
  if (!kept) return std::unexpected(kept.error());
  std::printf("%s holds it. The old one is kept as %s: earlier backups need it. Delete it with the last of them.\n",
              key_path.c_str(), kept->c_str());
  return Done{};
}

std::string HintOfRotation(const std::string& key_path) {
  if (!Exists(PathOfNew(key_path))) return {};
  return " (" + PathOfNew(key_path) +
         " is there: a rotation of the master key was cut short; `shakehook rotate-master-key` finishes it)";
}

}  // namespace shakehook
