#include "cli/backup.h"

#include "base/console.h"
#include "cli/key_file.h"
#include "store/sqlite/engine/backup.h"

namespace shakehook {

std::expected<Done, std::string> MakeBackup(const Settings& settings, const std::string& target, Switch replace,
                                            StopSignals& signals) {
  SecureRandom random;
  const auto bytes =
      BackUp({.database = settings.database_path,
              .target = target,
              .replace = replace,
              .stop = [&signals] { return signals.WaitFor(Milliseconds(0)) == StopSignals::Came::kYes; }},
             random);
  if (!bytes) return std::unexpected(bytes.error());
  Print("Backed up " + settings.database_path + " to " + target + " (" + std::to_string(*bytes) +
        " bytes, checked).\n" + "The master key is not in it. Keep a copy of " + MasterKeyPath(settings) +
        " too, in another place: without it nobody reads the secrets in\nthe backup.\n");
  return Done{};
}

}  // namespace shakehook
