#include "cli/setting.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "cli/duration.h"
#include "net/mail_message.h"
#include "net/web_origin.h"

namespace shakehook {
namespace {

using Set = std::expected<Done, std::string>;
using Texts = std::vector<std::string>;
using Kind = Flag::Kind;

constexpr int kThreadsMax = 256;
constexpr int kRetriesMax = 100;
constexpr int kRateLimitMax = 1'000'000;
constexpr std::int64_t kQuotaMax = 1'000'000'000'000'000;
constexpr int kConnectionsPerAddressMax = 1'000'000;
constexpr int kWebhooksPerScopeMax = 10'000;
constexpr double kRetryFactorMax = 100;

std::unexpected<std::string> Wrong(std::string_view text, std::string_view wanted) {
  return std::unexpected("\"" + std::string(text) + "\" is not " + std::string(wanted));
}

// "The URL is empty." as the rest of a line: "the URL is empty".
std::string Sentence(std::string text) {
  if (text.starts_with("The ")) text[0] = 't';
  if (text.ends_with('.')) text.pop_back();
  return text;
}

Set SetDuration(Milliseconds& target, const std::string& text, Milliseconds min, Milliseconds max) {
  const auto duration = ParseDuration(text);
  if (!duration) return Wrong(text, "a duration: a number and ms, s, m, h or d, such as 5s");
  if (*duration < min || *duration > max) {
    return std::unexpected("\"" + text + "\" is out of range: " + FormatDuration(min) + " to " + FormatDuration(max));
  }
  target = *duration;
  return Done{};
}

template <class Number>
Set SetNumber(Number& target, const std::string& text, Number min, Number max) {
  Number number{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size() || !(number >= min && number <= max)) {
    std::string wanted = std::is_integral_v<Number> ? "a whole number from " : "a number from ";
    std::array<char, 32> digits;
    const auto append = [&](Number bound) {
      wanted.append(digits.data(), std::to_chars(digits.data(), digits.data() + digits.size(), bound).ptr);
    };
    append(min);
    wanted += " to ";
    append(max);
    return Wrong(text, wanted);
  }
  target = number;
  return Done{};
}

Set SetSwitch(Switch& target, const std::string& text) {
  for (const char* on : {"true", "1", "on", "yes"}) {
    if (text == on) return target = Switch::kOn, Done{};
  }
  for (const char* off : {"false", "0", "off", "no"}) {
    if (text == off) return target = Switch::kOff, Done{};
  }
  return Wrong(text, "true or false");
}

template <class Value>
Set SetChoice(Value& target, const std::string& text,
              std::initializer_list<std::pair<std::string_view, Value>> choices) {
  std::string wanted = "one of";
  for (const auto& [name, value] : choices) {
    if (text == name) return target = value, Done{};
    wanted += wanted.ends_with("of") ? " " : ", ";
    wanted += name;
  }
  return Wrong(text, wanted);
}

Set SetPath(std::optional<std::string>& target, const std::string& text) {
  if (text.empty()) return std::unexpected("needs the name of a file");
  target = text;
  return Done{};
}

Set SetListen(Settings& settings, const Texts& texts) {
  auto listen = ParseListenAddress(texts[0]);
  if (!listen) return std::unexpected(listen.error());
  settings.listen = std::move(*listen);
  return Done{};
}

// The dashboard is served at the root of its origin; under a path it would be a blank page.
Set SetPublicUrl(Settings& settings, const Texts& texts) {
  const auto origin = WebOrigin::Parse(texts[0]);
  if (!origin) {
    return std::unexpected("\"" + texts[0] +
                           "\" is not an address such as https://hooks.example.com: " + Sentence(origin.error()));
  }
  settings.public_url = origin->ToString();
  return Done{};
}

Set SetRanges(std::vector<AddressRange>& target, const Texts& texts) {
  target.clear();
  for (const std::string& text : texts) {
    const auto range = AddressRange::Parse(text);
    if (!range) return std::unexpected(range.error());
    target.push_back(*range);
  }
  return Done{};
}

Set SetDatabase(Settings& settings, const Texts& texts) {
  const std::string& url = texts[0];
  if (url.starts_with("postgresql://") || url.starts_with("postgres://")) {
    return std::unexpected("this build stores in SQLite only; write sqlite:PATH");
  }
  if (!url.starts_with("sqlite:")) return Wrong(url, "an address such as sqlite:./data/shakehook.db");
  std::string path = url.substr(7);
  if (path.starts_with("//")) {
    path.erase(0, 2);
    if (!path.starts_with('/')) return Wrong(url, "sqlite:PATH or sqlite:///ABSOLUTE/PATH");
  }
  if (path.empty() || path.ends_with('/') || path.starts_with(':')) return Wrong(url, "sqlite: and the name of a file");
  settings.database_path = std::move(path);
  return Done{};
}

Set SetAdminKey(Settings& settings, const Texts& texts) {
  if (const auto checked = CheckAdminKey(texts[0]); !checked) return checked;
  settings.admin_key = texts[0];
  return Done{};
}

Set SetEgressProxy(Settings& settings, const Texts& texts) {
  auto proxy = EgressProxy::Parse(texts[0]);
  if (!proxy) return std::unexpected(proxy.error());
  settings.egress.proxy = *std::move(proxy);
  return Done{};
}

Set SetBindOut(Settings& settings, const Texts& texts) {
  settings.egress.sources = {};
  for (const std::string& text : texts) {
    if (const auto added = settings.egress.sources.Add(text); !added) return added;
  }
  return Done{};
}

Set SetSmtp(Settings& settings, const Texts& texts) {
  auto server = SmtpServer::Parse(texts[0]);
  if (!server) return std::unexpected("the address " + server.error());
  settings.smtp = *std::move(server);
  return Done{};
}

Set SetSmtpPassword(Settings& settings, const Texts& texts) {
  if (const auto checked = CheckSmtpPassword(texts[0]); !checked) return checked;
  settings.smtp_password = texts[0];
  return Done{};
}

Set SetSmtpFrom(Settings& settings, const Texts& texts) {
  if (!IsMailAddress(texts[0])) return Wrong(texts[0], "an e-mail address such as hooks@example.com");
  settings.smtp_from = texts[0];
  return Done{};
}

// As OpenTelemetry's own programs have it: traces go to /v1/traces below the address.
Set SetOtlpEndpoint(Settings& settings, const Texts& texts) {
  constexpr std::string_view kTraces = "/v1/traces";
  auto url = ParseTargetUrl(texts[0]);
  if (!url) {
    return std::unexpected("\"" + texts[0] +
                           "\" is not an address such as http://127.0.0.1:4318: " + Sentence(url.error().text()));
  }
  if (url->target.find('?') != std::string::npos) return std::unexpected("the address must not have a query");
  while (url->target.ends_with('/')) url->target.pop_back();
  if (!url->target.ends_with(kTraces)) url->target += kTraces;
  settings.otlp_endpoint = *std::move(url);
  return Done{};
}

template <class Number>
Set SetLimit(std::optional<Number>& target, const std::string& text, Number max) {
  if (text == "off") return target.reset(), Done{};
  Number limit = 0;
  if (const auto set = SetNumber<Number>(limit, text, 1, max); !set) return std::unexpected(set.error() + ", or off");
  target = limit;
  return Done{};
}

Set SetThreads(Settings& settings, const Texts& texts) {
  int threads = 0;
  if (const auto set = SetNumber(threads, texts[0], 1, kThreadsMax); !set) return set;
  settings.threads = threads;
  return Done{};
}

Set SetLogFormat(Settings& settings, const Texts& texts) {
  return SetChoice(settings.log_format, texts[0], {{"text", LogFormat::kText}, {"json", LogFormat::kJson}});
}

Set SetLogLevel(Settings& settings, const Texts& texts) {
  return SetChoice(settings.log_level, texts[0],
                   {{"debug", LogLevel::kDebug},
                    {"info", LogLevel::kInfo},
                    {"warning", LogLevel::kWarning},
                    {"error", LogLevel::kError},
                    {"off", LogLevel::kOff}});
}

constexpr Milliseconds kMs{1};
constexpr Milliseconds kSecond{1'000};
constexpr Milliseconds kMonth = std::chrono::days(30);

const std::array kSettings = {
    Setting{
        {"config", Kind::kValue, "FILE", "", "a TOML file with settings; its keys are these names without the dashes"},
        [](Settings&, const Texts&) -> Set { return Done{}; }},
    Setting{
        {"listen", Kind::kValue, "HOST:PORT", "127.0.0.1:8080", "where the server listens, or unix:/PATH for a proxy"},
        SetListen},
    Setting{{"tls-cert", Kind::kValue, "FILE", "",
             "the server speaks TLS itself, with this certificate and its chain (PEM); read again at SIGHUP"},
            [](Settings& s, const Texts& t) { return SetPath(s.tls_cert, t[0]); }},
    Setting{{"tls-key", Kind::kValue, "FILE", "", "the certificate's key, without a passphrase (PEM)"},
            [](Settings& s, const Texts& t) { return SetPath(s.tls_key, t[0]); }},
    Setting{{"public-url", Kind::kValue, "URL", "", "the address under which others reach the server"}, SetPublicUrl},
    Setting{{"trusted-proxy", Kind::kList, "CIDR", "",
             "a reverse proxy whose X-Forwarded-For is trusted, beside those on this machine"},
            [](Settings& s, const Texts& t) { return SetRanges(s.trusted_proxies, t); }},
    Setting{{"database", Kind::kValue, "URL", "sqlite:./data/shakehook.db", "where everything is stored"}, SetDatabase},
    Setting{{"admin-key", Kind::kValue, "KEY", "",
             "an API key with all rights, 32 or more visible ASCII characters; made on first start if absent"},
            SetAdminKey},
    Setting{{"admin-key-file", Kind::kValue, "FILE", "", "a file with that key"},
            [](Settings& s, const Texts& t) { return SetPath(s.admin_key_file, t[0]); }},
    Setting{{"master-key-file", Kind::kValue, "FILE", "",
             "the key that encrypts secrets at rest; made on first start, beside the database"},
            [](Settings& s, const Texts& t) { return SetPath(s.master_key_file, t[0]); }},
    Setting{{"allow-target", Kind::kList, "CIDR", "",
             "a private address range that deliveries may go to, such as 10.0.0.0/8"},
            [](Settings& s, const Texts& t) { return SetRanges(s.allowed_targets, t); }},
    Setting{{"allow-http-targets", Kind::kSwitch, "", "", "allows webhooks with http:// URLs"},
            [](Settings& s, const Texts& t) { return SetSwitch(s.allow_http_targets, t[0]); }},
    Setting{{"egress-proxy", Kind::kValue, "URL", "",
             "an HTTP proxy that deliveries go through, by CONNECT: http://[user:password@]host:port"},
            SetEgressProxy},
    Setting{{"bind-out", Kind::kList, "ADDRESS", "",
             "an address of this machine that deliveries come from; one of IPv4, one of IPv6, or both"},
            SetBindOut},
    Setting{{"ca-file", Kind::kValue, "FILE", "", "certificates to trust beside the system's"},
            [](Settings& s, const Texts& t) -> Set { return s.ca_file = t[0], Done{}; }},
    Setting{{"smtp-url", Kind::kValue, "URL", "",
             "the mail server for notices and the links of users: smtps://user@host:465, or smtp://user@host:587 with "
             "STARTTLS"},
            SetSmtp},
    Setting{{"smtp-password", Kind::kValue, "PASSWORD", "", "the password of its user; better in a file"},
            SetSmtpPassword},
    Setting{{"smtp-password-file", Kind::kValue, "FILE", "", "a file with that password"},
            [](Settings& s, const Texts& t) { return SetPath(s.smtp_password_file, t[0]); }},
    Setting{{"smtp-from", Kind::kValue, "ADDRESS", "", "the address that its e-mails come from"}, SetSmtpFrom},
    Setting{{"delivery-timeout", Kind::kValue, "DURATION", "5s", "how long one attempt may take"},
            [](Settings& s, const Texts& t) { return SetDuration(s.delivery_timeout, t[0], 10 * kMs, 300 * kSecond); }},
    Setting{{"max-retries", Kind::kValue, "NUMBER", "10", "attempts after the first one"},
            [](Settings& s, const Texts& t) { return SetNumber(s.retry.retries_max, t[0], 0, kRetriesMax); }},
    Setting{{"retry-base", Kind::kValue, "DURATION", "10s", "the wait before the first retry"},
            [](Settings& s, const Texts& t) { return SetDuration(s.retry.base, t[0], kMs, kMonth); }},
    Setting{{"retry-factor", Kind::kValue, "NUMBER", "2.1", "what each further wait is multiplied by"},
            [](Settings& s, const Texts& t) { return SetNumber(s.retry.factor, t[0], 1.0, kRetryFactorMax); }},
    Setting{{"retry-max-delay", Kind::kValue, "DURATION", "1h", "the longest wait"},
            [](Settings& s, const Texts& t) { return SetDuration(s.retry.delay_max, t[0], kMs, kMonth); }},
    Setting{{"retry-jitter", Kind::kValue, "NUMBER", "0.1", "the largest random part that is added to a wait"},
            [](Settings& s, const Texts& t) { return SetNumber(s.retry.jitter, t[0], 0.0, 1.0); }},
    Setting{{"retention", Kind::kValue, "DURATION", "30d", "how long events and deliveries are kept"},
            [](Settings& s, const Texts& t) { return SetDuration(s.retention, t[0], kSecond, kDurationMax); }},
    Setting{{"api-rate-limit", Kind::kValue, "NUMBER", "off", "requests a second for each API key"},
            [](Settings& s, const Texts& t) { return SetLimit(s.api_rate_limit, t[0], kRateLimitMax); }},
    Setting{{"key-requests-per-hour", Kind::kValue, "NUMBER", "100000000", "requests of each API key or user; or off"},
            [](Settings& s, const Texts& t) { return SetLimit(s.key_quota.requests, t[0], kQuotaMax); }},
    Setting{
        {"key-bytes-per-hour", Kind::kValue, "NUMBER", "200000000000", "bytes in bodies and responses of each; or off"},
        [](Settings& s, const Texts& t) { return SetLimit(s.key_quota.bytes, t[0], kQuotaMax); }},
    Setting{
        {"key-rows-per-hour", Kind::kValue, "NUMBER", "250000000", "records and other rows that each reads; or off"},
        [](Settings& s, const Texts& t) { return SetLimit(s.key_quota.rows, t[0], kQuotaMax); }},
    Setting{{"tenant-requests-per-hour", Kind::kValue, "NUMBER", "200000000",
             "requests of a venues group, or of a venue without one; or off"},
            [](Settings& s, const Texts& t) { return SetLimit(s.tenant_quota.requests, t[0], kQuotaMax); }},
    Setting{{"tenant-bytes-per-hour", Kind::kValue, "NUMBER", "400000000000",
             "bytes in bodies and responses of a tenant; or off"},
            [](Settings& s, const Texts& t) { return SetLimit(s.tenant_quota.bytes, t[0], kQuotaMax); }},
    Setting{{"tenant-rows-per-hour", Kind::kValue, "NUMBER", "500000000",
             "records and other rows that a tenant reads; or off"},
            [](Settings& s, const Texts& t) { return SetLimit(s.tenant_quota.rows, t[0], kQuotaMax); }},
    Setting{{"connections-per-address", Kind::kValue, "NUMBER", "off",
             "connections from one network address that is not a proxy's"},
            [](Settings& s, const Texts& t) {
              return SetLimit(s.connections_per_address, t[0], kConnectionsPerAddressMax);
            }},
    Setting{{"slow-loop-turn", Kind::kValue, "DURATION", "100ms",
             "a loop's turn that takes this long is logged and counted"},
            [](Settings& s, const Texts& t) { return SetDuration(s.slow_loop_turn, t[0], 5 * kMs, 60 * kSecond); }},
    Setting{{"webhooks-per-scope", Kind::kValue, "NUMBER", "100", "webhooks that one venue or venues group may have"},
            [](Settings& s, const Texts& t) { return SetNumber(s.webhooks_per_scope, t[0], 1, kWebhooksPerScopeMax); }},
    Setting{{"metrics-open", Kind::kSwitch, "", "", "shows /metrics without a key"},
            [](Settings& s, const Texts& t) { return SetSwitch(s.metrics_open, t[0]); }},
    Setting{{"core-dumps", Kind::kSwitch, "", "", "lets a crash leave a core dump, which holds secrets"},
            [](Settings& s, const Texts& t) { return SetSwitch(s.core_dumps, t[0]); }},
    Setting{{"inbox", Kind::kValue, "on|off", "on", "the server's own receivers, to try webhooks with"},
            [](Settings& s, const Texts& t) {
              return SetChoice(s.inbox, t[0], {{"on", Switch::kOn}, {"off", Switch::kOff}});
            }},
    Setting{{"threads", Kind::kValue, "NUMBER", "the machine's cores", "delivery loops"}, SetThreads},
    Setting{{"log-format", Kind::kValue, "text|json", "text", "how log lines are written"}, SetLogFormat},
    Setting{{"log-level", Kind::kValue, "LEVEL", "info", "debug, info, warning, error or off"}, SetLogLevel},
    Setting{{"log-file", Kind::kValue, "FILE", "", "where the log goes, in place of standard error"},
            [](Settings& s, const Texts& t) { return SetPath(s.log_file, t[0]); }},
    Setting{{"access-log", Kind::kSwitch, "", "", "a line of the log for each request"},
            [](Settings& s, const Texts& t) { return SetSwitch(s.access_log, t[0]); }},
    Setting{{"otlp-endpoint", Kind::kValue, "URL", "",
             "where traces are sent to, by OTLP/HTTP: a collector such as http://127.0.0.1:4318"},
            SetOtlpEndpoint},
    Setting{{"otlp-headers-file", Kind::kValue, "FILE", "",
             "a file with headers that the collector wants, such as a token: a line \"Name: value\" each"},
            [](Settings& s, const Texts& t) { return SetPath(s.otlp_headers_file, t[0]); }},
    Setting{{"otlp-sample", Kind::kValue, "NUMBER", "1", "the part of the traces that are sent, from 0 to 1"},
            [](Settings& s, const Texts& t) { return SetNumber(s.otlp_sample, t[0], 0.0, 1.0); }},
    Setting{{"otlp-propagate", Kind::kSwitch, "", "", "deliveries have a traceparent header"},
            [](Settings& s, const Texts& t) { return SetSwitch(s.otlp_propagate, t[0]); }},
    Setting{{"otlp-trust-traceparent", Kind::kSwitch, "", "",
             "requests continue the trace of their caller's traceparent, instead of naming it as a link"},
            [](Settings& s, const Texts& t) { return SetSwitch(s.otlp_trust_traceparent, t[0]); }},
};

}  // namespace

std::span<const Setting> AllSettings() { return kSettings; }

}  // namespace shakehook
