#include "cli/command_line.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <span>
#include <utility>

#include "cli/receive_options.h"
#include "cli/settings.h"
#include "cli/version.h"

namespace shakehook {
namespace {

constexpr const char* kServeFooter =
    "Each setting may also be an environment variable (SHAKEHOOK_LISTEN for --listen; lists with commas) or a key of\n"
    "the TOML file that --config names. A flag wins over a variable, a variable over the file.\n"
    "DURATION is a number and ms, s, m, h or d, such as 250ms or 30d.\n";

// The texts of a command's flags, filled while CLI11 parses.
class FlagTable {
 public:
  FlagTable(CLI::App& app, std::span<const Flag> flags) {
    texts_.reserve(flags.size());  // CLI11 keeps references
    for (const Flag& flag : flags) Add(app, flag);
  }

  FlagTexts Texts() const {
    FlagTexts given;
    for (const auto& [name, texts] : texts_) {
      if (!texts.empty()) given.emplace(name, texts);
    }
    return given;
  }

 private:
  void Add(CLI::App& app, const Flag& flag) {
    auto& [name, texts] = texts_.emplace_back(flag.name, std::vector<std::string>());
    const std::string dashed = "--" + name;
    std::string help(flag.help);
    if (flag.kind == Flag::Kind::kList) help += " (may be repeated)";
    if (!flag.default_text.empty()) help += " [" + std::string(flag.default_text) + "]";
    if (flag.kind == Flag::Kind::kSwitch) {
      app.add_flag(dashed, texts, help)->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
      return;
    }
    app.add_option(dashed, texts, help)
        ->type_name(std::string(flag.value_name))
        ->type_size(1)
        ->expected(1)
        ->allow_extra_args(false)
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  }

  std::vector<std::pair<std::string, std::vector<std::string>>> texts_;
};

std::string FirstLine(const std::string& text) { return text.substr(0, text.find('\n')); }

}  // namespace

std::expected<Command, std::string> ParseCommandLine(std::vector<std::string> arguments) {
  CLI::App app("Shakehook tells webhooks of every change of accounts and contacts, signed, and without losing one.",
               "shakehook");
  app.set_help_flag("-h,--help", "Show this");
  bool version = false;
  app.add_flag("--version", version, "Show version and commit");
  CLI::App* const serve = app.add_subcommand("serve", "Run the server");
  serve->footer(kServeFooter);
  CLI::App* const receive = app.add_subcommand("receive", "Run a small receiver, to try webhooks out");
  const FlagTable serve_flags(*serve, SettingFlags());
  const FlagTable receive_flags(*receive, ReceiveFlags());
  // Left to the end, so that the error names what was not understood.
  for (CLI::App* command : {&app, serve, receive}) command->allow_extras();

  std::ranges::reverse(arguments);  // as CLI11 takes them
  try {
    app.parse(arguments);
  } catch (const CLI::CallForHelp&) {
    for (const CLI::App* command : {serve, receive}) {
      if (app.got_subcommand(command)) return PrintCommand{command->help("shakehook")};
    }
    return PrintCommand{app.help()};
  } catch (const CLI::ParseError& error) {
    return std::unexpected(FirstLine(error.what()));
  }
  const std::string command = app.got_subcommand(serve)     ? "shakehook serve"
                              : app.got_subcommand(receive) ? "shakehook receive"
                                                            : "shakehook";
  if (const auto extras = app.remaining(true); !extras.empty()) {
    const bool flag = extras[0].starts_with('-');
    const std::string name = extras[0].substr(0, extras[0].find('='));
    return std::unexpected((flag                     ? "unknown flag "
                            : command == "shakehook" ? "unknown command "
                                                     : "unexpected ") +
                           name + "; `" + command + " --help` lists what there is");
  }
  if (version) return PrintCommand{VersionLine() + "\n"};
  if (app.got_subcommand(serve)) return ServeCommand{serve_flags.Texts()};
  if (app.got_subcommand(receive)) return ReceiveCommand{receive_flags.Texts()};
  return std::unexpected("no command is given; `shakehook serve` runs the server, `shakehook --help` lists all");
}

}  // namespace shakehook
