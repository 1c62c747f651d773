#include "cli/command_line.h"

#include <gtest/gtest.h>

#include "cli/receive_options.h"
#include "cli/settings.h"
#include "cli/version.h"

namespace shakehook {
namespace {

std::string Error(std::vector<std::string> arguments) {
  const auto command = ParseCommandLine(std::move(arguments));
  return command ? "no error" : command.error();
}
FlagTexts Serve(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), "serve");
  const auto command = ParseCommandLine(std::move(arguments));
  EXPECT_TRUE(command.has_value()) << command.error();
  return std::get<ServeCommand>(*command).flags;
}
std::string Printed(std::vector<std::string> arguments) {
  return std::get<PrintCommand>(ParseCommandLine(std::move(arguments)).value()).text;
}

TEST(CommandLine, GathersTheFlagsOfACommand) {
  EXPECT_EQ(Serve({}), FlagTexts());
  EXPECT_EQ(Serve({"--listen", "a:1", "--max-retries=3", "--allow-target", "10.0.0.0/8", "--allow-target=fd00::/8",
                   "--allow-http-targets"}),
            (FlagTexts{{"listen", {"a:1"}},
                       {"max-retries", {"3"}},
                       {"allow-target", {"10.0.0.0/8", "fd00::/8"}},
                       {"allow-http-targets", {"true"}}}));
  EXPECT_EQ(Serve({"--allow-http-targets=false"}), (FlagTexts{{"allow-http-targets", {"false"}}}));
  EXPECT_EQ(Serve({"--listen", "a:1", "--listen", "b:1"}), (FlagTexts{{"listen", {"a:1", "b:1"}}}));
  EXPECT_EQ(Serve({"--admin-key", "#a,b [c]"}), (FlagTexts{{"admin-key", {"#a,b [c]"}}}));
  EXPECT_EQ(Serve({"--retention", "-5"}), (FlagTexts{{"retention", {"-5"}}}));
}

TEST(CommandLine, ShowsTheLicences) {
  const std::string text = Printed({"--licenses"});
  EXPECT_NE(text.find("Apache License"), std::string::npos);
  EXPECT_NE(text.find("prometheus-cpp (MIT)"), std::string::npos);
}

TEST(CommandLine, AHealthCheckTakesTheListeningAddressAndTheFile) {
  const auto command = ParseCommandLine({"healthcheck", "--listen", "a:1", "--config", "s.toml"});
  EXPECT_EQ(std::get<HealthCheckCommand>(command.value()).flags,
            (FlagTexts{{"listen", {"a:1"}}, {"config", {"s.toml"}}}));
}

TEST(CommandLine, AResetTakesOneUserAndWhereTheDatabaseIs) {
  const auto command = ParseCommandLine({"user", "reset", "ada@example.com", "--database", "sqlite:x.db"});
  const auto& reset = std::get<UserResetCommand>(command.value());
  EXPECT_EQ(reset.who, "ada@example.com");
  EXPECT_EQ(reset.second_factor_off, Switch::kOff);
  EXPECT_EQ(reset.flags, (FlagTexts{{"database", {"sqlite:x.db"}}}));
  const auto other = ParseCommandLine({"user", "reset", "--second-factor-off", "Ada Lovelace"});
  EXPECT_EQ(std::get<UserResetCommand>(other.value()).who, "Ada Lovelace");
  EXPECT_EQ(std::get<UserResetCommand>(other.value()).second_factor_off, Switch::kOn);

  EXPECT_EQ(Error({"user"}), "user needs a command: shakehook user reset USER");
  EXPECT_EQ(Error({"user", "reset"}), "no USER is given; `shakehook user reset --help` lists what there is");
  EXPECT_EQ(Error({"user", "reset", "ada", "eva"}),
            "unexpected eva; `shakehook user reset --help` lists what there is");
  EXPECT_EQ(Error({"user", "reset", "ada", "--threads", "1"}),
            "unknown flag --threads; `shakehook user reset --help` lists what there is");
  EXPECT_NE(Printed({"user", "reset", "--help"}).find("--second-factor-off"), std::string::npos);
}

TEST(CommandLine, NamesWhatItDoesNotKnow) {
  EXPECT_EQ(Error({}), "no command is given; `shakehook serve` runs the server, `shakehook --help` lists all");
  EXPECT_EQ(Error({"sreve"}), "unknown command sreve; `shakehook --help` lists what there is");
  EXPECT_EQ(Error({"--port", "1"}), "unknown flag --port; `shakehook --help` lists what there is");
  EXPECT_EQ(Error({"serve", "--port", "1"}), "unknown flag --port; `shakehook serve --help` lists what there is");
  EXPECT_EQ(Error({"serve", "--port=1"}), "unknown flag --port; `shakehook serve --help` lists what there is");
  EXPECT_EQ(Error({"serve", "now"}), "unexpected now; `shakehook serve --help` lists what there is");
  EXPECT_EQ(Error({"receive", "--database", "x"}),
            "unknown flag --database; `shakehook receive --help` lists what there is");
  EXPECT_NE(Error({"serve", "--listen"}).find("--listen"), std::string::npos);
  EXPECT_EQ(Error({"serve", "--listen"}).find('\n'), std::string::npos);
}

TEST(CommandLine, ShowsHelpWithEveryFlagAndItsDefault) {
  const std::string help = Printed({"serve", "--help"});
  for (const Flag& flag : SettingFlags()) {
    EXPECT_NE(help.find("--" + std::string(flag.name)), std::string::npos) << flag.name;
    EXPECT_NE(help.find(flag.default_text), std::string::npos) << flag.name;
  }
  EXPECT_NE(help.find("SHAKEHOOK_"), std::string::npos);
  const std::string receive = Printed({"receive", "--help"});
  for (const Flag& flag : ReceiveFlags()) {
    EXPECT_NE(receive.find("--" + std::string(flag.name)), std::string::npos) << flag.name;
  }
  EXPECT_NE(Printed({"--help"}).find("serve"), std::string::npos);
}

TEST(CommandLine, ShowsTheVersion) {
  EXPECT_EQ(Printed({"--version"}), VersionText());
  EXPECT_NE(VersionText().find(", SQLite 3."), std::string::npos);
  EXPECT_TRUE(VersionLine().starts_with("shakehook " + Version() + " ("));
}

TEST(ReceiveOptions, AreChecked) {
  const auto error = [](const FlagTexts& flags) {
    const auto options = ParseReceiveOptions(flags);
    return options ? "no error" : options.error();
  };
  const auto options =
      ParseReceiveOptions({{"listen", {"[::1]:1"}}, {"status", {"500"}}, {"fail-every", {"3"}}, {"delay", {"2s"}}});
  EXPECT_EQ(options->listen.ToString(), "[::1]:1");
  EXPECT_EQ(options->status, 500);
  EXPECT_EQ(options->fail_every, 3);
  EXPECT_EQ(options->delay, Milliseconds(2'000));
  EXPECT_EQ(ParseReceiveOptions({})->listen.ToString(), "127.0.0.1:9000");
  EXPECT_EQ(error({{"status", {"99"}}}), "--status: \"99\" is not a status from 200 to 599");
  EXPECT_EQ(error({{"delay", {"2"}}}), "--delay: \"2\" is not a duration up to 10m, such as 500ms");
  EXPECT_EQ(error({{"secret", {"a"}}, {"secret-file", {"f"}}}), "--secret and --secret-file exclude each other");
  EXPECT_EQ(error({{"status", {"200", "201"}}}), "--status is given twice");
}

}  // namespace
}  // namespace shakehook
