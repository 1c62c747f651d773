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
constexpr const char* kSettingsFooter =
    "These settings are the server's, and come from the same environment variables and the same file.\n";

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

// The settings that a command beside `serve` needs.
std::vector<Flag> SettingFlagsOf(std::initializer_list<std::string_view> names) {
  std::vector<Flag> flags;
  for (const Flag& flag : SettingFlags()) {
    if (std::ranges::find(names, flag.name) != names.end()) flags.push_back(flag);
  }
  return flags;
}

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
  CLI::App* const backup = app.add_subcommand("backup", "Copy the database, also while a server uses it");
  backup->footer(kSettingsFooter);
  CLI::App* const restore =
      app.add_subcommand("restore", "Put a backup in the database's place; the server must be stopped");
  restore->footer(kSettingsFooter);
  CLI::App* const rotate = app.add_subcommand(
      "rotate-master-key", "Encrypt what is secret in the database anew; the server must be stopped");
  rotate->footer(kSettingsFooter);
  const FlagTable serve_flags(*serve, SettingFlags());
  const FlagTable receive_flags(*receive, ReceiveFlags());
  const FlagTable backup_flags(*backup, SettingFlagsOf({"database", "master-key-file", "config"}));
  const FlagTable restore_flags(*restore, SettingFlagsOf({"database", "master-key-file", "config"}));
  const FlagTable rotate_flags(*rotate, SettingFlagsOf({"database", "master-key-file", "config"}));
  BackupCommand backup_command;
  bool force = false;
  backup->add_option("FILE", backup_command.target, "Where the copy goes")->type_name("");
  backup->add_flag("--force", force, "Replace FILE where it exists");
  RestoreCommand restore_command;
  restore->add_option("FILE", restore_command.backup, "The backup")->type_name("");
  restore->add_flag("--force", force, "Replace the database that is there; it is kept beside");
  std::string new_key_file;
  rotate
      ->add_option("--new-master-key-file", new_key_file,
                   "The new key; made where it is missing. Without it a new key takes the place of the old one")
      ->type_name("FILE");
  const std::vector<CLI::App*> commands = {serve, receive, backup, restore, rotate};
  // Left to the end, so that the error names what was not understood.
  app.allow_extras();
  for (CLI::App* command : commands) command->allow_extras();

  std::ranges::reverse(arguments);  // as CLI11 takes them
  try {
    app.parse(arguments);
  } catch (const CLI::CallForHelp&) {
    for (const CLI::App* command : commands) {
      if (app.got_subcommand(command)) return PrintCommand{command->help("shakehook")};
    }
    return PrintCommand{app.help()};
  } catch (const CLI::ParseError& error) {
    return std::unexpected(FirstLine(error.what()));
  }
  std::string command = "shakehook";
  for (const CLI::App* given : commands) {
    if (app.got_subcommand(given)) command += " " + given->get_name();
  }
  if (const auto extras = app.remaining(true); !extras.empty()) {
    const bool flag = extras[0].starts_with('-');
    const std::string name = extras[0].substr(0, extras[0].find('='));
    return std::unexpected((flag                     ? "unknown flag "
                            : command == "shakehook" ? "unknown command "
                                                     : "unexpected ") +
                           name + "; `" + command + " --help` lists what there is");
  }
  if (version) return PrintCommand{VersionText()};
  if (app.got_subcommand(serve)) return ServeCommand{serve_flags.Texts()};
  if (app.got_subcommand(receive)) return ReceiveCommand{receive_flags.Texts()};
  if (app.got_subcommand(backup)) {
    if (backup_command.target.empty()) {
      return std::unexpected("no FILE is given for the copy; `shakehook backup --help` lists what there is");
    }
    backup_command.replace = force ? Switch::kOn : Switch::kOff;
    backup_command.flags = backup_flags.Texts();
    return backup_command;
  }
  if (app.got_subcommand(restore)) {
    if (restore_command.backup.empty()) {
      return std::unexpected("no FILE is given to restore; `shakehook restore --help` lists what there is");
    }
    restore_command.replace = force ? Switch::kOn : Switch::kOff;
    restore_command.flags = restore_flags.Texts();
    return restore_command;
  }
  if (app.got_subcommand(rotate)) {
    RotateMasterKeyCommand rotate_command{.flags = rotate_flags.Texts()};
    if (!new_key_file.empty()) rotate_command.new_key_file = new_key_file;
    return rotate_command;
  }
  return std::unexpected("no command is given; `shakehook serve` runs the server, `shakehook --help` lists all");
}

}  // namespace shakehook
