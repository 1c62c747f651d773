#include "cli/rotate_master_key.h"

#include <filesystem>
#include <system_error>

#include "base/console.h"
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

// Gives the new key's file the old one's place; returns the path under which the old one is kept.
std::expected<std::string, std::string> Exchange(const std::string& key_path, const std::string& new_path,
                                                 Timestamp now, Random& random) {
  const auto old_text = ReadKeyFile(key_path);
  if (!old_text) return std::unexpected(old_text.error());
  const std::string kept_path = key_path + ".until-" + std::to_string(UnixMs(now) / 1000);
  if (const auto made = MakeKeyFile(kept_path, *old_text, random); !made) return std::unexpected(made.error());
  if (const int error = NameInPlaceOf(new_path, key_path)) {
    return std::unexpected("the secrets are encrypted with the new key, which is in " + new_path +
                           " and cannot be renamed to " + key_path + ": " + std::generic_category().message(error));
  }
  return kept_path;
}

}  // namespace

std::expected<Done, std::string> RotateMasterKeyFile(const Settings& settings,
                                                     const std::optional<std::string>& new_key_file, Clock& clock,
                                                     StopSignals& signals) {
  SecureRandom random;
  const std::string key_path = MasterKeyPath(settings);
  const std::string new_path = new_key_file.value_or(PathOfNew(key_path));
  if (!Exists(settings.database_path)) {
    return std::unexpected("there is no database " + settings.database_path);
  }
  auto from = ReadMasterKey(key_path);
  if (!from) return std::unexpected(from.error());
  const SecretBox old_box(*from);
  const auto rotation = KeyRotation::Open(settings.database_path);
  if (!rotation) return std::unexpected(rotation.error());
  const bool under_old = (*rotation)->IsUnder(old_box);
  // A new key is made only if it is needed; and from here on none is thrown away, because the database may be under it.
  if (under_old && !Exists(new_path)) {
    if (const auto made = MakeMasterKey(new_path, random); !made) return std::unexpected(made.error());
  }
  if (!under_old && !Exists(new_path)) {
    return std::unexpected(key_path + " is not the master key of " + settings.database_path);
  }
  const auto to = ReadMasterKey(new_path);
  if (!to) return std::unexpected(to.error());
  if (*to == *from) return std::unexpected(new_path + " and " + key_path + " hold the same key");
  const SecretBox new_box(*to);
  // From here to the end signals are ignored: the rest is short, and half of it would keep the server from starting.
  if (signals.WaitFor(Milliseconds(0)) == StopSignals::Came::kYes) {
    return std::unexpected("stopped by a signal; the database was not changed. Run the same command to begin again");
  }
  if (under_old) {
    const auto rotated = (*rotation)->Run(old_box, new_box, random);
    if (!rotated) {
      return std::unexpected(rotated.error() + " (keep " + key_path + " and " + new_path +
                             "; run the same command to try again)");
    }
    Print(settings.database_path +
          " is now encrypted with a new master key (webhooks: " + std::to_string(rotated->webhooks) +
          ", kept responses: " + std::to_string(rotated->idempotency_records) + ").\n");
  } else if ((*rotation)->IsUnder(new_box)) {
    Print(settings.database_path + " was already encrypted with the new master key.\n");
  } else {
    return std::unexpected("neither " + key_path + " nor " + new_path + " is the master key of " +
                           settings.database_path);
  }
  if (new_key_file) {
    Print("Start the server with --master-key-file " + new_path + " from now on. Earlier backups still need " +
          key_path + ".\n");
    return Done{};
  }
  const auto kept = Exchange(key_path, new_path, clock.Now(), random);
  if (!kept) return std::unexpected(kept.error());
  Print(key_path + " holds it. The old one is kept as " + *kept +
        ": earlier backups need it. Delete it together with the last of them.\n");
  return Done{};
}

std::string HintOfRotation(const std::string& key_path) {
  if (!Exists(PathOfNew(key_path))) return {};
  return " (" + PathOfNew(key_path) +
         " exists: a rotation of the master key was interrupted; `shakehook rotate-master-key` finishes it)";
}

}  // namespace shakehook
