// The program: reads the command line and the environment, and runs the command. Everything else is built in src/cli.
#include <sodium.h>
#include <unistd.h>

#include <cstdio>
#include <exception>
#include <string>
#include <variant>
#include <vector>

#include "base/clock.h"
#include "cli/backup.h"
#include "cli/command_line.h"
#include "cli/receive.h"
#include "cli/rotate_master_key.h"
#include "cli/serve.h"
#include "cli/settings.h"
#include "cli/stop_signals.h"

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

struct Runner {
  Clock& clock;
  StopSignals& signals;

  std::expected<Done, std::string> operator()(const ServeCommand& command) const {
    const auto settings = LoadSettings(command.flags, ReadEnvironment());
    if (!settings) return std::unexpected(settings.error());
    return Serve(*settings, clock, signals);
  }
  std::expected<Done, std::string> operator()(const ReceiveCommand& command) const {
    const auto options = ParseReceiveOptions(command.flags);
    if (!options) return std::unexpected(options.error());
    return Receive(*options, clock, signals);
  }
  std::expected<Done, std::string> operator()(const BackupCommand& command) const {
    const auto settings = LoadSettings(command.flags, ReadEnvironment());
    if (!settings) return std::unexpected(settings.error());
    return MakeBackup(*settings, command.target, command.replace, signals);
  }
  std::expected<Done, std::string> operator()(const RotateMasterKeyCommand& command) const {
    const auto settings = LoadSettings(command.flags, ReadEnvironment());
    if (!settings) return std::unexpected(settings.error());
    return RotateMasterKeyFile(*settings, command.new_key_file, clock);
  }
  std::expected<Done, std::string> operator()(const PrintCommand& command) const {
    std::fputs(command.text.c_str(), stdout);
    return Done{};
  }
};

int Main(const std::vector<std::string>& arguments) {
  SystemClock clock;
  StopSignals signals;
  if (sodium_init() < 0) {
    std::fputs("shakehook: libsodium cannot start\n", stderr);
    return kBadStart;
  }
  const auto command = ParseCommandLine(arguments);
  const auto ran = command ? std::visit(Runner{clock, signals}, *command) : std::unexpected(command.error());
  if (ran) return 0;
  std::fprintf(stderr, "shakehook: %s\n", ran.error().c_str());
  return kBadStart;
}

}  // namespace
}  // namespace shakehook

int main(int argc, char** argv) { return shakehook::Main({argv + 1, argv + argc}); }
