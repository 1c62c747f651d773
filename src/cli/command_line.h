// The command line: which command, and what was written behind it. Values are looked at elsewhere (settings.h,
// receive.h), so that errors of all places read alike.
#pragma once

#include <expected>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "cli/flag.h"
#include "model/webhook.h"

namespace shakehook {

struct ServeCommand {
  FlagTexts flags;
};
struct ReceiveCommand {
  FlagTexts flags;
};
struct BackupCommand {
  std::string target;
  Switch replace = Switch::kOff;
  FlagTexts flags;  // settings
};
struct RestoreCommand {
  std::string backup;
  Switch replace = Switch::kOff;
  FlagTexts flags;  // settings
};
struct RotateMasterKeyCommand {
  std::optional<std::string> new_key_file;
  FlagTexts flags;  // settings
};
// `user reset`.
struct UserResetCommand {
  std::string who;
  Switch second_factor_off = Switch::kOff;
  FlagTexts flags;  // settings
};
struct DoctorCommand {
  FlagTexts flags;  // settings
};
struct HealthCheckCommand {
  FlagTexts flags;  // settings
};
// `config check`.
struct ConfigCheckCommand {
  FlagTexts flags;  // settings
};
// --help, --version and --licenses.
struct PrintCommand {
  std::string text;
};
using Command = std::variant<ServeCommand, ReceiveCommand, BackupCommand, RestoreCommand, RotateMasterKeyCommand,
                             UserResetCommand, DoctorCommand, HealthCheckCommand, ConfigCheckCommand, PrintCommand>;

// `arguments` are those behind the program's name. The error is one line for the operator.
std::expected<Command, std::string> ParseCommandLine(std::vector<std::string> arguments);

}  // namespace shakehook
