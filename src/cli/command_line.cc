#include "cli/command_line.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <span>
#include <utility>

#include "cli/licenses.h"
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

// The program's commands with their flags and arguments, as CLI11 reads them.
class CommandLineReader {
 public:
  CommandLineReader();

  std::expected<Command, std::string> Read(std::vector<std::string> arguments);

 private:
  std::vector<CLI::App*> commands() const {
    return {serve_,      receive_, backup_,       restore_, rotate_,      user_,
            user_reset_, doctor_,  health_check_, config_,  config_check_};
  }
  PrintCommand Help() const;
  // Refuses what no command understood.
  std::expected<Done, std::string> CheckExtras() const;
  std::expected<Command, std::string> Backup() const;
  std::expected<Command, std::string> Restore() const;
  Command Rotate() const;
  std::expected<Command, std::string> ResetOfUser() const;

  CLI::App app_{"Shakehook tells webhooks of every change of accounts and contacts, signed, and without losing one.",
                "shakehook"};
  CLI::App* const serve_ = app_.add_subcommand("serve", "Run the server");
  CLI::App* const receive_ = app_.add_subcommand("receive", "Run a small receiver, to try webhooks out");
  CLI::App* const backup_ = app_.add_subcommand("backup", "Copy the database, also while a server uses it");
  CLI::App* const restore_ =
      app_.add_subcommand("restore", "Replace the database with a backup; the server must be stopped");
  CLI::App* const rotate_ = app_.add_subcommand(
      "rotate-master-key", "Encrypt the secrets in the database with a new key; the server must be stopped");
  CLI::App* const user_ = app_.add_subcommand("user", "`user reset` lets in a user who is locked out");
  CLI::App* const user_reset_ = user_->add_subcommand(
      "reset", "Print a link with which a user chooses a new password, good once; also while a server runs");
  CLI::App* const doctor_ =
      app_.add_subcommand("doctor", "Check the machine, the database and the network, and say what to put right");
  CLI::App* const health_check_ =
      app_.add_subcommand("healthcheck", "Ask the server whether it is ready; for containers");
  CLI::App* const config_ = app_.add_subcommand("config", "`config check` lists every error in the settings");
  CLI::App* const config_check_ = config_->add_subcommand(
      "check", "Read the settings as `serve` does, and list every error. Exit code 0: none, 1: some, 2: no such file");
  const FlagTable serve_flags_{*serve_, SettingFlags()};
  const FlagTable receive_flags_{*receive_, ReceiveFlags()};
  const FlagTable backup_flags_{*backup_, SettingFlagsOf({"database", "master-key-file", "config"})};
  const FlagTable restore_flags_{*restore_, SettingFlagsOf({"database", "master-key-file", "config"})};
  const FlagTable rotate_flags_{*rotate_, SettingFlagsOf({"database", "master-key-file", "config"})};
  const FlagTable user_reset_flags_{*user_reset_, SettingFlagsOf({"database", "master-key-file", "public-url", "listen",
                                                                  "tls-cert", "tls-key", "config"})};
  const FlagTable doctor_flags_{*doctor_, SettingFlags()};
  const FlagTable config_check_flags_{*config_check_, SettingFlags()};
  const FlagTable health_check_flags_{*health_check_, SettingFlagsOf({"listen", "tls-cert", "tls-key", "config"})};
  bool version_ = false;
  bool licenses_ = false;
  bool force_ = false;
  bool second_factor_off_ = false;
  std::string reset_user_;
  std::string backup_target_, restored_backup_, new_key_file_;
};

CommandLineReader::CommandLineReader() {
  app_.set_help_flag("-h,--help", "Show this");
  app_.add_flag("--version", version_, "Show version and commit");
  app_.add_flag("--licenses", licenses_, "Show the licence and those of the libraries");
  serve_->footer(kServeFooter);
  for (CLI::App* const command : {backup_, restore_, rotate_, user_reset_, doctor_, health_check_, config_check_}) {
    command->footer(kSettingsFooter);
  }
  backup_->add_option("FILE", backup_target_, "The file that the copy is written to")->type_name("");
  backup_->add_flag("--force", force_, "Replace FILE if it exists");
  restore_->add_option("FILE", restored_backup_, "The backup")->type_name("");
  restore_->add_flag("--force", force_, "Replace the existing database, which is kept under another name");
  user_reset_->add_option("USER", reset_user_, "The user's e-mail address, id or name")->type_name("");
  user_reset_->add_flag("--second-factor-off", second_factor_off_,
                        "Switch the second factor off with the new password: the phone and the codes are lost");
  rotate_
      ->add_option("--new-master-key-file", new_key_file_,
                   "A file with the new key, made if it is missing. Without this flag, the new key replaces the old "
                   "one in its file")
      ->type_name("FILE");
  // Left to the end, so that the error names what was not understood.
  app_.allow_extras();
  for (CLI::App* const command : commands()) command->allow_extras();
}

std::expected<Command, std::string> CommandLineReader::Read(std::vector<std::string> arguments) {
  std::ranges::reverse(arguments);  // CLI11 takes them in reverse order
  try {
    app_.parse(arguments);
  } catch (const CLI::CallForHelp&) {
    return Help();
  } catch (const CLI::ParseError& error) {
    return std::unexpected(FirstLine(error.what()));
  }
  if (auto known = CheckExtras(); !known) return std::unexpected(std::move(known.error()));
  if (version_) return PrintCommand{VersionText()};
  if (licenses_) return PrintCommand{LicenseText()};
  if (app_.got_subcommand(serve_)) return ServeCommand{serve_flags_.Texts()};
  if (app_.got_subcommand(receive_)) return ReceiveCommand{receive_flags_.Texts()};
  if (app_.got_subcommand(backup_)) return Backup();
  if (app_.got_subcommand(restore_)) return Restore();
  if (app_.got_subcommand(rotate_)) return Rotate();
  if (user_->got_subcommand(user_reset_)) return ResetOfUser();
  if (app_.got_subcommand(user_)) return std::unexpected("user needs a command: shakehook user reset USER");
  if (app_.got_subcommand(doctor_)) return DoctorCommand{doctor_flags_.Texts()};
  if (app_.got_subcommand(health_check_)) return HealthCheckCommand{health_check_flags_.Texts()};
  if (config_->got_subcommand(config_check_)) return ConfigCheckCommand{config_check_flags_.Texts()};
  if (app_.got_subcommand(config_)) return std::unexpected("config needs a command: shakehook config check");
  return std::unexpected("no command is given; `shakehook serve` runs the server, `shakehook --help` lists all");
}

PrintCommand CommandLineReader::Help() const {
  for (const CLI::App* const command : commands()) {
    if (command->parsed() && command->get_subcommands().empty()) return {command->help("shakehook")};
  }
  return {app_.help()};
}

std::expected<Done, std::string> CommandLineReader::CheckExtras() const {
  const auto extras = app_.remaining(true);
  if (extras.empty()) return Done{};
  std::string command = "shakehook";
  for (const CLI::App* const given : commands()) {
    if (given->parsed()) command += " " + given->get_name();
  }
  const bool flag = extras[0].starts_with('-');
  const std::string name = extras[0].substr(0, extras[0].find('='));
  return std::unexpected((flag                     ? "unknown flag "
                          : command == "shakehook" ? "unknown command "
                                                   : "unexpected ") +
                         name + "; `" + command + " --help` lists what there is");
}

std::expected<Command, std::string> CommandLineReader::Backup() const {
  if (backup_target_.empty()) {
    return std::unexpected("no FILE is given for the copy; `shakehook backup --help` lists what there is");
  }
  return BackupCommand{
      .target = backup_target_, .replace = force_ ? Switch::kOn : Switch::kOff, .flags = backup_flags_.Texts()};
}

std::expected<Command, std::string> CommandLineReader::Restore() const {
  if (restored_backup_.empty()) {
    return std::unexpected("no FILE is given to restore; `shakehook restore --help` lists what there is");
  }
  return RestoreCommand{
      .backup = restored_backup_, .replace = force_ ? Switch::kOn : Switch::kOff, .flags = restore_flags_.Texts()};
}

Command CommandLineReader::Rotate() const {
  RotateMasterKeyCommand command{.flags = rotate_flags_.Texts()};
  if (!new_key_file_.empty()) command.new_key_file = new_key_file_;
  return command;
}

std::expected<Command, std::string> CommandLineReader::ResetOfUser() const {
  if (reset_user_.empty()) {
    return std::unexpected("no USER is given; `shakehook user reset --help` lists what there is");
  }
  return UserResetCommand{.who = reset_user_,
                          .second_factor_off = second_factor_off_ ? Switch::kOn : Switch::kOff,
                          .flags = user_reset_flags_.Texts()};
}

}  // namespace

std::expected<Command, std::string> ParseCommandLine(std::vector<std::string> arguments) {
  return CommandLineReader().Read(std::move(arguments));
}

}  // namespace shakehook
