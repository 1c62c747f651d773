// Settings of `shakehook serve` (CONTRACT §5): a flag, else an environment variable (SHAKEHOOK_ and the flag in
// capitals), else a key of the TOML file, else the default. An unknown or bad setting is an error that names its flag,
// variable, or file and line.
#pragma once

#include <cstdint>
#include <expected>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "api/http/quotas.h"
#include "base/log.h"
#include "base/loop_watch.h"
#include "base/result.h"
#include "base/time.h"
#include "cli/flag.h"
#include "delivery/retry_schedule.h"
#include "model/webhook.h"
#include "net/address_policy.h"
#include "net/egress.h"
#include "net/smtp_server.h"
#include "net/target_url.h"
#include "store/config_limits.h"

namespace shakehook {

struct ListenAddress {
  std::string host = "127.0.0.1";
  std::uint16_t port = 8080;
  std::string socket_path = {};  // a Unix socket in place of both; empty: none

  bool operator==(const ListenAddress&) const = default;
  bool is_unix() const { return !socket_path.empty(); }
  // Returns "host:port", with an IPv6 address in brackets, or "unix:/path".
  std::string ToString() const;
};

// "HOST:PORT", "[::1]:8080", "unix:/run/shakehook/api.sock". The error is what is wrong with it.
std::expected<ListenAddress, std::string> ParseListenAddress(std::string_view text);

struct Settings {
  ListenAddress listen;
  std::optional<std::string> tls_cert;  // with tls_key, or both absent: the server speaks no TLS of its own
  std::optional<std::string> tls_key;
  std::optional<std::string> public_url;  // an origin, as WebOrigin::ToString writes it
  std::vector<AddressRange> trusted_proxies;
  std::string database_path = "./data/shakehook.db";
  std::optional<std::string> admin_key;
  std::optional<std::string> admin_key_file;
  std::optional<std::string> master_key_file;  // absent: beside the database
  std::vector<AddressRange> allowed_targets;
  Switch allow_http_targets = Switch::kOff;
  Egress egress;
  std::string ca_file;             // empty: the system's trust alone
  std::optional<SmtpServer> smtp;  // without its password; absent: no e-mail is sent
  std::optional<std::string> smtp_password;
  std::optional<std::string> smtp_password_file;
  std::optional<std::string> smtp_from;
  Milliseconds delivery_timeout{5'000};
  RetrySchedule retry;
  Milliseconds retention = std::chrono::days(30);
  std::optional<int> api_rate_limit;
  QuotaLimits key_quota = kKeyQuota;
  QuotaLimits tenant_quota = kTenantQuota;
  std::optional<int> connections_per_address;
  Milliseconds slow_loop_turn = LoopWatch::Options().slow;
  int webhooks_per_scope = static_cast<int>(ConfigLimits().webhooks);
  Switch metrics_open = Switch::kOff;
  Switch core_dumps = Switch::kOff;
  Switch inbox = Switch::kOn;
  std::optional<int> threads;  // absent: the machine's cores
  LogFormat log_format = LogFormat::kText;
  LogLevel log_level = LogLevel::kInfo;
  std::optional<std::string> log_file;  // absent: standard error
  Switch access_log = Switch::kOff;
  std::optional<TargetUrl> otlp_endpoint;        // where traces go, with its whole path; absent: nothing is traced
  std::optional<std::string> otlp_headers_file;  // its contents are secret
  double otlp_sample = 1;
  Switch otlp_propagate = Switch::kOff;
  Switch otlp_trust_traceparent = Switch::kOff;
};

// In the order of --help; --config among them.
std::span<const Flag> SettingFlags();

using Environment = std::map<std::string, std::string, std::less<>>;

struct SettingsFileText {
  std::string path;
  std::string text;
};

// Returns the file that --config or its variable names; nullopt if neither is given.
std::optional<std::string> ConfigPath(const FlagTexts& flags, const Environment& environment);

// Does the same as ResolveSettings, and reads the file that ConfigPath names.
std::expected<Settings, std::string> LoadSettings(const FlagTexts& flags, const Environment& environment);

// The error is one line for the operator. It never quotes a key.
std::expected<Settings, std::string> ResolveSettings(const FlagTexts& flags, const Environment& environment,
                                                     const std::optional<SettingsFileText>& file);

// Reads the file that ConfigPath names; nullopt if none is named. The error names the file.
std::expected<std::optional<SettingsFileText>, std::string> ReadSettingsFileOf(const FlagTexts& flags,
                                                                               const Environment& environment);

// All that is wrong, a line each, in the order of the file; and the settings without what is wrong.
struct SettingsCheck {
  Settings settings;
  std::vector<std::string> faults;
};
SettingsCheck CheckSettings(const FlagTexts& flags, const Environment& environment,
                            const std::optional<SettingsFileText>& file);

// Checks that a mail server's password has 1 to 255 bytes and no control character. The error does not quote it.
std::expected<Done, std::string> CheckSmtpPassword(std::string_view password);

// Checks that an admin key is 32 or more visible ASCII characters. The error does not quote it.
std::expected<Done, std::string> CheckAdminKey(std::string_view key);

}  // namespace shakehook
