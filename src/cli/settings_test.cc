#include "cli/settings.h"

#include <gtest/gtest.h>

#include <fstream>

#include "testing/temporary_folder.h"

namespace shakehook {
namespace {

std::string Problem(const FlagTexts& flags, const Environment& environment = {}, const std::string& file = {}) {
  const auto settings = ResolveSettings(flags, environment, SettingsFileText{"/etc/s.toml", file});
  return settings ? "no problem" : settings.error();
}

TEST(Settings, HaveTheDefaultsOfTheContract) {
  const Settings settings = ResolveSettings({}, {}, std::nullopt).value();
  EXPECT_EQ(settings.listen.ToString(), "127.0.0.1:8080");
  EXPECT_EQ(settings.database_path, "./data/shakehook.db");
  EXPECT_EQ(settings.delivery_timeout, Milliseconds(5'000));
  EXPECT_EQ(settings.retry.retries_max, 10);
  EXPECT_EQ(settings.retry.base, Milliseconds(10'000));
  EXPECT_EQ(settings.retry.factor, 2.1);
  EXPECT_EQ(settings.retry.delay_max, Milliseconds(3'600'000));
  EXPECT_EQ(settings.retry.jitter, 0.1);
  EXPECT_EQ(settings.retention, Milliseconds(2'592'000'000));
  EXPECT_EQ(settings.allow_http_targets, Switch::kOff);
  EXPECT_EQ(settings.api_rate_limit, std::nullopt);
}

// --help shows the defaults that a start without flags uses.
TEST(Settings, TakeTheDefaultsThatHelpShows) {
  const Settings defaults = ResolveSettings({}, {}, std::nullopt).value();
  FlagTexts flags;
  for (const Flag& flag : SettingFlags()) {
    if (!flag.default_text.empty() && flag.name != "threads") {
      flags[std::string(flag.name)] = {std::string(flag.default_text)};
    }
  }
  flags["otlp-endpoint"] = {"http://127.0.0.1:4318"};  // has no default, and --otlp-sample is for it alone
  const Settings given = ResolveSettings(flags, {}, std::nullopt).value();
  EXPECT_EQ(given.otlp_sample, defaults.otlp_sample);
  EXPECT_EQ(given.listen, defaults.listen);
  EXPECT_EQ(given.database_path, defaults.database_path);
  EXPECT_EQ(given.delivery_timeout, defaults.delivery_timeout);
  EXPECT_EQ(given.retry.retries_max, defaults.retry.retries_max);
  EXPECT_EQ(given.retry.base, defaults.retry.base);
  EXPECT_EQ(given.retry.factor, defaults.retry.factor);
  EXPECT_EQ(given.retry.delay_max, defaults.retry.delay_max);
  EXPECT_EQ(given.retry.jitter, defaults.retry.jitter);
  EXPECT_EQ(given.retention, defaults.retention);
  EXPECT_EQ(given.api_rate_limit, defaults.api_rate_limit);
  EXPECT_EQ(given.log_format, defaults.log_format);
  EXPECT_EQ(given.log_level, defaults.log_level);
}

TEST(Settings, TakeAUnixSocketToListenAt) {
  const ListenAddress listen = ParseListenAddress("unix:/run/shakehook/api.sock").value();
  EXPECT_TRUE(listen.is_unix());
  EXPECT_EQ(listen.socket_path, "/run/shakehook/api.sock");
  EXPECT_EQ(listen.ToString(), "unix:/run/shakehook/api.sock");
  for (const std::string& path :
       std::vector<std::string>{"", "api.sock", "/run/", "/" + std::string(107, 'x'), std::string("/a\0b", 4)}) {
    EXPECT_FALSE(ParseListenAddress("unix:" + path).has_value()) << path;
  }
  EXPECT_TRUE(ParseListenAddress("unix:/" + std::string(106, 'x')).has_value());
}

TEST(Settings, TakeACertificateWithItsKeyAlone) {
  EXPECT_EQ(Problem({{"tls-cert", {"c"}}, {"tls-key", {"k"}}}), "no problem");
  EXPECT_EQ(Problem({{"tls-cert", {"c"}}}), "--tls-cert needs --tls-key: TLS takes a certificate and its key");
  EXPECT_EQ(Problem({}, {{"SHAKEHOOK_TLS_KEY", "k"}}),
            "SHAKEHOOK_TLS_KEY needs --tls-cert: TLS takes a certificate and its key");
  EXPECT_EQ(Problem({}, {}, "tls-cert = \"c\"\ntls-key = \"k\"\nlisten = \"unix:/a\"\n"),
            "/etc/s.toml line 1: tls-cert: a Unix socket takes no TLS: nobody else reads it");
  EXPECT_EQ(Problem({{"tls-cert", {"c"}}, {"tls-key", {"k"}}, {"public-url", {"http://h.example"}}}),
            "--public-url: it begins with http://, but with --tls-cert the server speaks https:// alone");
}

TEST(Settings, TakeAWayOutFromFlagVariableAndFile) {
  const SettingsFileText file{"f", "bind-out = [\"127.0.0.2\", \"::1\"]\n"};
  const Environment environment = {{"SHAKEHOOK_EGRESS_PROXY", "http://user:secret@proxy.example:3128"}};
  const Settings settings = ResolveSettings({}, environment, file).value();
  EXPECT_EQ(settings.egress.proxy->ToString(), "proxy.example:3128");
  EXPECT_TRUE(settings.egress.sources.v4 && settings.egress.sources.v6);
  const std::string problem = Problem({}, {{"SHAKEHOOK_EGRESS_PROXY", "ftp://user:secret@proxy.example:3128"}});
  EXPECT_TRUE(problem.starts_with("SHAKEHOOK_EGRESS_PROXY: the proxy must begin with http://")) << problem;
  EXPECT_EQ(problem.find("secret"), std::string::npos);
}

TEST(Settings, LetAFlagWinOverAVariableAndAVariableOverTheFile) {
  const SettingsFileText file{"f", "max-retries = 1\nretry-base = \"1s\"\nretention = \"1d\"\n"};
  const Environment environment = {{"SHAKEHOOK_MAX_RETRIES", "2"}, {"SHAKEHOOK_RETRY_BASE", "2s"}};
  const Settings settings = ResolveSettings({{"max-retries", {"3"}}}, environment, file).value();
  EXPECT_EQ(settings.retry.retries_max, 3);
  EXPECT_EQ(settings.retry.base, Milliseconds(2'000));
  EXPECT_EQ(settings.retention, std::chrono::days(1));
}

TEST(Settings, AreAllTakenFromEachPlace) {
  const Environment environment = {{"SHAKEHOOK_LISTEN", "[::]:80"},
                                   {"SHAKEHOOK_PUBLIC_URL", "https://hooks.example.com/"},
                                   {"SHAKEHOOK_DATABASE", "sqlite:///var/lib/s.db"},
                                   {"SHAKEHOOK_ADMIN_KEY_FILE", "/run/key"},
                                   {"SHAKEHOOK_MASTER_KEY_FILE", "/run/master"},
                                   {"SHAKEHOOK_ALLOW_TARGET", "10.0.0.0/8, fd00::/8"},
                                   {"SHAKEHOOK_ALLOW_HTTP_TARGETS", "true"},
                                   {"SHAKEHOOK_CA_FILE", "/ca.pem"},
                                   {"SHAKEHOOK_DELIVERY_TIMEOUT", "250ms"},
                                   {"SHAKEHOOK_RETRY_FACTOR", "1.5"},
                                   {"SHAKEHOOK_RETRY_JITTER", "0"},
                                   {"SHAKEHOOK_API_RATE_LIMIT", "50"},
                                   {"SHAKEHOOK_METRICS_OPEN", "1"},
                                   {"SHAKEHOOK_THREADS", "3"},
                                   {"SHAKEHOOK_LOG_FORMAT", "json"},
                                   {"SHAKEHOOK_LOG_LEVEL", "warning"},
                                   {"SHAKEHOOK_RETENTION", ""},
                                   {"PATH", "/bin"}};
  const Settings settings = ResolveSettings({}, environment, std::nullopt).value();
  EXPECT_EQ(settings.listen, (ListenAddress{"::", 80}));
  EXPECT_EQ(settings.public_url, "https://hooks.example.com");
  EXPECT_EQ(settings.database_path, "/var/lib/s.db");
  EXPECT_EQ(settings.admin_key_file, "/run/key");
  EXPECT_EQ(settings.master_key_file, "/run/master");
  EXPECT_EQ(settings.allowed_targets.size(), 2u);
  EXPECT_EQ(settings.allow_http_targets, Switch::kOn);
  EXPECT_EQ(settings.ca_file, "/ca.pem");
  EXPECT_EQ(settings.delivery_timeout, Milliseconds(250));
  EXPECT_EQ(settings.retry.factor, 1.5);
  EXPECT_EQ(settings.retry.jitter, 0);
  EXPECT_EQ(settings.api_rate_limit, 50);
  EXPECT_EQ(settings.metrics_open, Switch::kOn);
  EXPECT_EQ(settings.threads, 3);
  EXPECT_EQ(settings.log_format, LogFormat::kJson);
  EXPECT_EQ(settings.log_level, LogLevel::kWarning);
  EXPECT_EQ(settings.retention, std::chrono::days(30));

  const SettingsFileText file{"f", "allow-target = [\"10.0.0.0/8\", \"192.168.1.1\"]\nallow-http-targets = true\n"};
  EXPECT_EQ(ResolveSettings({}, {}, file)->allowed_targets.size(), 2u);
  EXPECT_EQ(ResolveSettings({}, {}, file)->allow_http_targets, Switch::kOn);
  EXPECT_EQ(ResolveSettings({{"allow-target", {"10.0.0.0/8"}}}, {}, file)->allowed_targets.size(), 1u);
}

TEST(Settings, NameThePlaceOfWhatIsWrong) {
  EXPECT_EQ(Problem({{"delivery-timeout", {"5"}}}),
            "--delivery-timeout: \"5\" is not a duration: a number and ms, s, m, h or d, such as 5s");
  EXPECT_EQ(Problem({}, {{"SHAKEHOOK_MAX_RETRIES", "many"}}),
            "SHAKEHOOK_MAX_RETRIES: \"many\" is not a whole number from 0 to 100");
  EXPECT_EQ(Problem({}, {}, "\nlog-level = \"loud\""),
            "/etc/s.toml line 2: log-level: \"loud\" is not one of debug, info, warning, error, off");
  EXPECT_EQ(Problem({}, {}, "a = b"), "/etc/s.toml line 1: a text needs quotes: \"b\"");
  EXPECT_EQ(Problem({}, {}, "listne = \"x\""), "/etc/s.toml line 1: unknown key \"listne\"");
  EXPECT_EQ(Problem({}, {}, "log_level = \"info\""),
            "/etc/s.toml line 1: unknown key \"log_level\"; it is written \"log-level\"");
  EXPECT_EQ(Problem({}, {}, "config = \"x\""), "/etc/s.toml line 1: unknown key \"config\"");
  EXPECT_EQ(Problem({}, {{"SHAKEHOOK_LISTNE", "x"}}), "unknown environment variable SHAKEHOOK_LISTNE");
  EXPECT_EQ(Problem({{"listen", {"a:1", "b:1"}}}), "--listen must have one value, and is given twice");
  EXPECT_EQ(Problem({}, {}, "listen = [\"a:1\", \"b:1\"]"),
            "/etc/s.toml line 1: listen must have one value, and is given twice");
  EXPECT_EQ(Problem({{"retry-base", {"2h"}}}), "--retry-base must not be longer than --retry-max-delay");
  EXPECT_EQ(Problem({{"delivery-timeout", {"1ms"}}}), "--delivery-timeout: \"1ms\" is out of range: 10ms to 5m");
  EXPECT_EQ(Problem({{"retry-jitter", {"1.5"}}}), "--retry-jitter: \"1.5\" is not a number from 0 to 1");
  EXPECT_EQ(Problem({{"retry-factor", {"nan"}}}), "--retry-factor: \"nan\" is not a number from 1 to 100");
  EXPECT_EQ(Problem({{"api-rate-limit", {"0"}}}),
            "--api-rate-limit: \"0\" is not a whole number from 1 to 1000000, or off");
  EXPECT_EQ(Problem({{"allow-http-targets", {"maybe"}}}), "--allow-http-targets: \"maybe\" is not true or false");
}

TEST(Settings, OfTheMailServerGoTogetherAndQuoteNoPassword) {
  const FlagTexts server = {{"smtp-url", {"smtps://me@mail.example.com"}}, {"smtp-from", {"hooks@example.com"}}};
  EXPECT_EQ(Problem(server), "--smtp-url names a user: --smtp-password-file is missing");
  const Settings settings = ResolveSettings(server, {{"SHAKEHOOK_SMTP_PASSWORD", "s3cret"}}, std::nullopt).value();
  EXPECT_EQ(settings.smtp->host, "mail.example.com");
  EXPECT_EQ(settings.smtp_password, "s3cret");
  EXPECT_EQ(settings.smtp_from, "hooks@example.com");
  EXPECT_EQ(Problem({{"smtp-url", {"smtps://h"}}}), "--smtp-url: --smtp-from is missing");
  EXPECT_EQ(Problem({{"smtp-from", {"a@b.example"}}}), "--smtp-url is missing: the mail server is not named");
  EXPECT_EQ(Problem({{"smtp-url", {"smtps://h"}}, {"smtp-from", {"a@b.example"}}, {"smtp-password", {"s3cret"}}}),
            "--smtp-url names no user, but there is a password");
  EXPECT_EQ(Problem({{"smtp-password", {"s3cret"}}, {"smtp-password-file", {"f"}}}),
            "--smtp-password and --smtp-password-file exclude each other");
  EXPECT_EQ(Problem({{"smtp-url", {"smtps://me:s3cret@h"}}}),
            "--smtp-url: the address must not hold a password: put it in the file of --smtp-password-file");
  EXPECT_EQ(Problem({{"smtp-url", {"mail.example.com"}}}),
            "--smtp-url: the address must begin with smtps:// (TLS) or smtp:// (STARTTLS)");
  EXPECT_EQ(Problem({{"smtp-from", {"Hooks <a@b>"}}}),
            "--smtp-from: \"Hooks <a@b>\" is not an e-mail address such as hooks@example.com");
  EXPECT_EQ(Problem({{"smtp-password", {"s3c\nret"}}}),
            "--smtp-password: the password must be 1 to 255 bytes without control characters");
}

// A bad value is a mistake even where a better place overrules it.
TEST(Settings, CheckWhatIsOverruled) {
  EXPECT_EQ(Problem({{"threads", {"1"}}}, {{"SHAKEHOOK_THREADS", "0"}}),
            "SHAKEHOOK_THREADS: \"0\" is not a whole number from 1 to 256");
}

TEST(Settings, IgnoreTheVariablesOfAServiceNamedLikeTheProgram) {
  const Environment environment = {{"SHAKEHOOK_PORT", "tcp://10.0.0.1:8080"},
                                   {"SHAKEHOOK_SERVICE_HOST", "10.0.0.1"},
                                   {"SHAKEHOOK_SERVICE_PORT", "8080"},
                                   {"SHAKEHOOK_SERVICE_PORT_HTTP", "8080"},
                                   {"SHAKEHOOK_PORT_8080_TCP", "tcp://10.0.0.1:8080"},
                                   {"SHAKEHOOK_PORT_8080_TCP_ADDR", "10.0.0.1"}};
  EXPECT_EQ(Problem({}, environment), "no problem");
}

TEST(Settings, NeverQuoteAKey) {
  const std::string key = "short-and-secret";
  EXPECT_EQ(Problem({{"admin-key", {key}}}), "--admin-key: the key must be 32 to 1024 visible ASCII characters");
  EXPECT_EQ(Problem({{"admin-key", {std::string(32, 'k') + " "}}}),
            "--admin-key: the key must be 32 to 1024 visible ASCII characters");
}

TEST(Settings, TakeOneAdminKey) {
  const FlagTexts key = {{"admin-key", {std::string(32, 'k')}}};
  const Environment file = {{"SHAKEHOOK_ADMIN_KEY_FILE", "f"}};
  EXPECT_TRUE(ResolveSettings(key, file, std::nullopt)->admin_key.has_value());
  EXPECT_FALSE(ResolveSettings(key, file, std::nullopt)->admin_key_file.has_value());
  EXPECT_EQ(Problem({{"admin-key", {std::string(32, 'k')}}, {"admin-key-file", {"f"}}}),
            "--admin-key and --admin-key-file exclude each other");
}

TEST(Settings, ReadWhereToListen) {
  EXPECT_EQ(ParseListenAddress("localhost:80"), (ListenAddress{"localhost", 80}));
  EXPECT_EQ(ParseListenAddress("[::1]:0"), (ListenAddress{"::1", 0}));
  EXPECT_EQ(ParseListenAddress("[::1]:0")->ToString(), "[::1]:0");
  for (const char* text : {"", "8080", ":8080", "localhost", "localhost:", "localhost:http", "localhost:65536",
                           "localhost:-1", "::1:80", "[::1]", "[a]:80", "a b:80", "http://a:80"}) {
    EXPECT_FALSE(ParseListenAddress(text).has_value()) << text;
  }
}

TEST(Settings, ReadTheDatabase) {
  const auto path = [](const std::string& url) {
    const auto settings = ResolveSettings({{"database", {url}}}, {}, std::nullopt);
    return settings ? settings->database_path : settings.error();
  };
  EXPECT_EQ(path("sqlite:a.db"), "a.db");
  EXPECT_EQ(path("sqlite:/a/b.db"), "/a/b.db");
  EXPECT_EQ(path("sqlite:///a/b.db"), "/a/b.db");
  EXPECT_EQ(path("postgresql://db/x"), "--database: this build stores in SQLite only; write sqlite:PATH");
  for (const char* url : {"", "a.db", "sqlite:", "sqlite://a.db", "sqlite:a/", "sqlite::memory:", "mysql://x"}) {
    EXPECT_TRUE(path(url).starts_with("--database: ")) << url;
  }
}

TEST(Settings, ReadThePublicUrlInAllItsSpellings) {
  const auto url = [](const std::string& text) {
    const auto settings = ResolveSettings({{"public-url", {text}}}, {}, std::nullopt);
    return settings ? *settings->public_url : settings.error();
  };
  EXPECT_EQ(url("https://hooks.example.com"), "https://hooks.example.com");
  EXPECT_EQ(url("https://hooks.example.com/"), "https://hooks.example.com");
  EXPECT_EQ(url("HTTPS://Hooks.Example.com:443"), "https://hooks.example.com");
  EXPECT_EQ(url("http://hooks.example.com:80/"), "http://hooks.example.com");
  EXPECT_EQ(url("http://hooks.example.com:443"), "http://hooks.example.com:443");
  EXPECT_EQ(url("http://localhost:8080"), "http://localhost:8080");
  EXPECT_EQ(url("https://[2001:DB8:0::1]:8443"), "https://[2001:db8::1]:8443");
  EXPECT_EQ(url("https://xn--mnchen-3ya.example"), "https://xn--mnchen-3ya.example");
  EXPECT_EQ(url("https://hooks.example.com/hooks"),
            "--public-url: \"https://hooks.example.com/hooks\" is not an address such as https://hooks.example.com: "
            "the URL must have no path and no query");
  EXPECT_NE(url("https://m\xc3\xbcnchen.example").find("punycode"), std::string::npos);
  for (const char* text : {"", "hooks.example.com", "ftp://a", "https://", "https:///x", "https://a b", "https://u@a",
                           "https://a?b", "https://a#b", "https://a//", "https://a:0", "https://a:65536"}) {
    EXPECT_TRUE(url(text).starts_with("--public-url: ")) << text;
  }
}

TEST(Settings, ReadTheTrustedProxies) {
  const auto settings = ResolveSettings({{"trusted-proxy", {"10.0.0.0/8", "fd00::1"}}}, {}, std::nullopt);
  ASSERT_TRUE(settings);
  ASSERT_EQ(settings->trusted_proxies.size(), 2u);
  EXPECT_EQ(settings->trusted_proxies[0], AddressRange::Parse("10.0.0.0/8").value());
  const auto wrong = ResolveSettings({{"trusted-proxy", {"nginx"}}}, {}, std::nullopt);
  EXPECT_TRUE(wrong.error().starts_with("--trusted-proxy: ")) << wrong.error();
}

TEST(Settings, ReadTheFileThatIsNamed) {
  TemporaryFolder folder;
  const std::string path = folder.File("s.toml");
  const auto error = [](const std::string& config) {
    const auto settings = LoadSettings({{"config", {config}}}, {});
    return settings ? "no error" : settings.error();
  };
  EXPECT_EQ(error(path), "cannot read the configuration file " + path + ": No such file or directory");
  EXPECT_TRUE(error(folder.path()).starts_with("cannot read the configuration file " + folder.path().string()));
  std::ofstream(path) << "threads = 7\n";
  EXPECT_EQ(LoadSettings({{"config", {path}}}, {})->threads, 7);
  EXPECT_EQ(LoadSettings({}, {{"SHAKEHOOK_CONFIG", path}})->threads, 7);
  EXPECT_EQ(LoadSettings({}, {})->threads, std::nullopt);
}

TEST(Settings, FindTheConfigFile) {
  EXPECT_EQ(ConfigPath({}, {}), std::nullopt);
  EXPECT_EQ(ConfigPath({}, {{"SHAKEHOOK_CONFIG", "e"}}), "e");
  EXPECT_EQ(ConfigPath({{"config", {"f"}}}, {{"SHAKEHOOK_CONFIG", "e"}}), "f");
}

TEST(Settings, AreCheckedForAllFaultsAtOnce) {
  const SettingsFileText file{"/etc/s.toml", "retention = \"soon\"\nlisten = 5s\nunheard-of = 1\nthreads = 0\n"};
  const Environment environment = {{"SHAKEHOOK_LOG_LEVEL", "loud"}, {"SHAKEHOOK_NOBODY", "1"}};
  const auto check = CheckSettings({{"max-retries", {"many"}}, {"retry-base", {"2h"}}}, environment, file);
  std::string all;
  for (const std::string& fault : check.faults) all += fault + "\n";
  EXPECT_EQ(all,
            "/etc/s.toml line 1: retention: \"soon\" is not a duration: a number and ms, s, m, h or d, such as 5s\n"
            "/etc/s.toml line 2: a text needs quotes: \"5s\"\n"
            "/etc/s.toml line 3: unknown key \"unheard-of\"\n"
            "/etc/s.toml line 4: threads: \"0\" is not a whole number from 1 to 256\n"
            "SHAKEHOOK_LOG_LEVEL: \"loud\" is not one of debug, info, warning, error, off\n"
            "unknown environment variable SHAKEHOOK_NOBODY\n"
            "--max-retries: \"many\" is not a whole number from 0 to 100\n"
            "--retry-base must not be longer than --retry-max-delay\n");
}

}  // namespace
}  // namespace shakehook
