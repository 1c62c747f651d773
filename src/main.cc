// The program: reads the command line and the environment, and runs the command. Everything else is built in src/cli.
#include <sodium.h>
#include <unistd.h>

#include <cstdio>
#include <exception>
#include <string>
#include <variant>
#include <vector>

#include "base/check.h"
#include "base/clock.h"
#include "base/console.h"
#include "base/memory_privacy.h"
#include "cli/backup.h"
#include "cli/command_line.h"
#include "cli/config_check.h"
#include "cli/doctor.h"
#include "cli/health_check.h"
#include "cli/receive.h"
#include "cli/restore.h"
#include "cli/rotate_master_key.h"
#include "cli/serve.h"
#include "cli/settings.h"
#include "cli/stop_signals.h"
#include "cli/supervisor.h"
#include "cli/user_reset.h"

namespace shakehook {
namespace {

constexpr int kBadStart = 1;

Environment ReadEnvironment() {
  Environment environment;
  for (char** entry = environ; *entry; ++entry) {
    const std::string_view text(*entry);
    const std::size_t equals = text.find('=');
    if (equals != std::string_view::npos) environment.emplace(text.substr(0, equals), text.substr(equals + 1));
  }
  return environment;
}

// Signals are taken only by commands that wait for them; a command that just reads and prints can be interrupted.
struct Runner {
  Clock& clock;

  std::expected<Done, std::string> operator()(const ServeCommand& command) const {
    const Environment environment = ReadEnvironment();
    auto settings = LoadSettings(command.flags, environment);
    if (!settings) return std::unexpected(settings.error());
    if (settings->core_dumps == Switch::kOn) AllowCoreDumps();
    StopSignals signals(StopSignals::HangUp::kReloads);
    Supervisor supervisor(environment);
    const auto read_again = [&] { return LoadSettings(command.flags, environment); };
    return Serve(*std::move(settings), clock, signals, supervisor, read_again);
  }
  std::expected<Done, std::string> operator()(const ReceiveCommand& command) const {
    const auto options = ParseReceiveOptions(command.flags);
    if (!options) return std::unexpected(options.error());
    StopSignals signals;
    return Receive(*options, clock, signals);
  }
  std::expected<Done, std::string> operator()(const BackupCommand& command) const {
    const auto settings = LoadSettings(command.flags, ReadEnvironment());
    if (!settings) return std::unexpected(settings.error());
    StopSignals signals;
    return MakeBackup(*settings, command.target, command.replace, signals);
  }
  std::expected<Done, std::string> operator()(const RestoreCommand& command) const {
    const auto settings = LoadSettings(command.flags, ReadEnvironment());
    if (!settings) return std::unexpected(settings.error());
    StopSignals signals;
    return RestoreBackup(*settings, command.backup, command.replace, clock, signals);
  }
  std::expected<Done, std::string> operator()(const RotateMasterKeyCommand& command) const {
    const auto settings = LoadSettings(command.flags, ReadEnvironment());
    if (!settings) return std::unexpected(settings.error());
    StopSignals signals;
    return RotateMasterKeyFile(*settings, command.new_key_file, clock, signals);
  }
  std::expected<Done, std::string> operator()(const UserResetCommand& command) const {
    const auto settings = LoadSettings(command.flags, ReadEnvironment());
    if (!settings) return std::unexpected(settings.error());
    return ResetUser(*settings, {.who = command.who, .second_factor_off = command.second_factor_off}, clock);
  }
  std::expected<Done, std::string> operator()(const DoctorCommand& command) const {
    const auto settings = LoadSettings(command.flags, ReadEnvironment());
    if (!settings) return std::unexpected(settings.error());
    return Diagnose(*settings, clock);
  }
  std::expected<Done, std::string> operator()(const HealthCheckCommand& command) const {
    const auto settings = LoadSettings(command.flags, ReadEnvironment());
    if (!settings) return std::unexpected(settings.error());
    return CheckHealth(*settings);
  }
  // Main runs it: it has an exit code of its own.
  std::expected<Done, std::string> operator()(const ConfigCheckCommand&) const { return Done{}; }
  std::expected<Done, std::string> operator()(const PrintCommand& command) const {
    const bool printed = std::fputs(command.text.c_str(), stdout) >= 0 && std::fflush(stdout) == 0;
    if (!printed) return std::unexpected("cannot write to standard output");
    return Done{};
  }
};

int Main(const std::vector<std::string>& arguments) {
  ForbidCoreDumps();
  OpenStandardFiles();
  EndOnUncaughtExceptions();
  SystemClock clock;
  std::expected<Done, std::string> ran = std::unexpected("libsodium cannot start");
  int well = 0;
  if (sodium_init() >= 0) {
    const auto command = ParseCommandLine(arguments);
    const auto* const check = command ? std::get_if<ConfigCheckCommand>(&*command) : nullptr;
    if (check != nullptr) well = CheckConfig(check->flags, ReadEnvironment());
    ran = command ? std::visit(Runner{clock}, *command) : std::unexpected(command.error());
  }
  if (!ran) PrintLogLine("shakehook: " + ran.error() + "\n");
  FlushConsole();
  return ran ? well : kBadStart;
}

}  // namespace
}  // namespace shakehook

int main(int argc, char** argv) { return shakehook::Main({argv + 1, argv + argc}); }
