#include "cli/backup.h"

#include <cstdio>

#include "cli/key_file.h"
#include "store/sqlite/backup.h"

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
  std::printf(
      "Backed up %s to %s (%lld bytes, checked).\n"
      "The master key is not in it. Keep a copy of %s too, in another place: without it nobody reads the secrets in\n"
      "the backup.\n",
      settings.database_path.c_str(), target.c_str(), static_cast<long long>(*bytes), MasterKeyPath(settings).c_str());
  return Done{};
}

}  // namespace shakehook
