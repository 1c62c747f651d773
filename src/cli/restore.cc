#include "cli/restore.h"

#include <algorithm>
#include <vector>

#include "base/console.h"
#include "base/inert_text.h"
#include "base/random.h"
#include "cli/key_file.h"
#include "store/sqlite/restore.h"

namespace shakehook {
namespace {

constexpr std::size_t kNamesMax = 50;

void PrintLine(const std::string& line) { Print(line + "\n"); }

void PrintNames(const std::string& what, const std::vector<std::string>& names) {
  if (names.empty()) return;
  PrintLine(what + " (" + std::to_string(names.size()) + "):");
  for (std::size_t i = 0; i < std::min(names.size(), kNamesMax); ++i) PrintLine("  " + InertText(names[i]));
  if (names.size() > kNamesMax) PrintLine("  and " + std::to_string(names.size() - kNamesMax) + " more");
}

void PrintAccess(const Restored& restored) {
  if (!restored.access) {
    PrintLine("Valid now, from the backup: " + std::to_string(restored.keys) + " API keys, " +
              std::to_string(restored.users) + " users, " + std::to_string(restored.sessions) + " sessions.");
    return;
  }
  const RestoredAccess& access = *restored.access;
  PrintNames("API keys that were deleted after the backup and work again", access.keys_back);
  PrintNames("API keys that were made after the backup and are gone", access.keys_gone);
  PrintNames("Users that were deleted after the backup and may sign in again", access.users_back);
  PrintNames("Users that were made after the backup and are gone", access.users_gone);
  PrintNames("Users whose password from the time of the backup is valid again", access.passwords_back);
  if (access.sessions_back > 0) {
    PrintLine("Sessions that were ended after the backup and work again: " + std::to_string(access.sessions_back));
  }
}

}  // namespace

std::expected<Done, std::string> RestoreBackup(const Settings& settings, const std::string& backup, Switch replace,
                                               Clock& clock, StopSignals& signals) {
  if (auto made = MakeFolderOf(settings.database_path); !made) return made;
  SecureRandom random;
  const auto restored =
      Restore({.backup = backup,
               .database = settings.database_path,
               .replace = replace,
               .now = clock.Now(),
               .stop = [&signals] { return signals.WaitFor(Milliseconds(0)) == StopSignals::Came::kYes; }},
              random);
  if (!restored) return std::unexpected(restored.error());
  PrintLine("Restored " + backup + " to " + settings.database_path + " (" + std::to_string(restored->bytes) +
            " bytes, checked).");
  if (!restored->kept.empty()) PrintLine("The old database is kept: " + restored->kept);
  PrintAccess(*restored);
  PrintLine("It needs the master key from the time of the backup: " + MasterKeyPath(settings) +
            ". With another one the server does not start.");
  return Done{};
}

}  // namespace shakehook
