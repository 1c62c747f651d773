#include "cli/settings.h"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <fstream>
#include <system_error>
#include <tuple>
#include <utility>

#include "cli/setting.h"
#include "cli/settings_file.h"
#include "net/unix_listener.h"

namespace shakehook {
namespace {

using Failure = std::unexpected<std::string>;

constexpr std::string_view kPrefix = "SHAKEHOOK_";
constexpr std::string_view kUnix = "unix:";
constexpr std::size_t kFileBytesMax = 1024 * 1024;
constexpr std::size_t kAdminKeyBytesMin = 32;
constexpr std::size_t kAdminKeyBytesMax = 1024;
constexpr std::size_t kSmtpPasswordBytesMax = 255;

std::string VariableOf(std::string_view flag) {
  std::string name(kPrefix);
  for (const char c : flag) name.push_back(c == '-' ? '_' : c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c);
  return name;
}

const Setting* FindSetting(std::string_view name) {
  const auto settings = AllSettings();
  const auto found = std::ranges::find(settings, name, [](const Setting& setting) { return setting.flag.name; });
  return found == settings.end() ? nullptr : &*found;
}

// Variables that Kubernetes sets in every container beside a service whose name begins with "shakehook":
// SHAKEHOOK_PORT=tcp://…, SHAKEHOOK_SERVICE_HOST, SHAKEHOOK_PORT_8080_TCP_ADDR and the like.
bool IsServiceLink(std::string_view name, std::string_view value) {
  return name.ends_with("_SERVICE_HOST") || name.find("_SERVICE_PORT") != std::string_view::npos ||
         name.find("_TCP") != std::string_view::npos || name.find("_UDP") != std::string_view::npos ||
         (name.ends_with("_PORT") && value.find("://") != std::string_view::npos);
}

// An empty variable counts as not set: compose files pass a variable on as empty if their user left it out.
std::vector<std::string> SplitVariable(const Flag& flag, const std::string& value) {
  if (flag.kind != Flag::Kind::kList) return {value};
  std::vector<std::string> texts;
  std::string_view rest = value;
  while (!rest.empty()) {
    const std::size_t bytes = std::min(rest.find_first_of(", \t"), rest.size());
    if (bytes > 0) texts.emplace_back(rest.substr(0, bytes));
    rest.remove_prefix(std::min(bytes + 1, rest.size()));
  }
  return texts;
}

std::expected<ListenAddress, std::string> ParseUnixPath(std::string_view path) {
  const std::string quoted = "\"" + std::string(path) + "\"";
  if (!path.starts_with('/') || path.ends_with('/')) {
    return Failure(quoted + " is not the whole name of a file, such as unix:/run/shakehook/api.sock");
  }
  if (path.size() > UnixListener::kPathBytesMax || path.find('\0') != std::string_view::npos) {
    return Failure(quoted + " is too long for a Unix socket: it may have " +
                   std::to_string(UnixListener::kPathBytesMax) + " bytes");
  }
  return ListenAddress{.host = "", .port = 0, .socket_path = std::string(path)};
}

// Resolves settings, and gathers all faults on the way.
class Resolver {
 public:
  SettingsCheck Resolve(const FlagTexts& flags, const Environment& environment,
                        const std::optional<SettingsFileText>& file) {
    if (file) AddFile(*file);
    AddEnvironment(environment);
    for (const auto& [name, texts] : flags) Add(name, {Source::kFlag, "--" + name, texts});
    for (const auto& [name, given] : given_) std::ignore = Apply(settings_, name, given);
    CheckTogether();
    return {std::move(settings_), std::move(faults_)};
  }

 private:
  enum class Source : std::uint8_t { kFile, kEnvironment, kFlag };  // the later wins
  struct Given {
    Source source;
    std::string place;  // for errors
    std::vector<std::string> texts;
  };

  static std::expected<Done, std::string> Apply(Settings& settings, std::string_view name, const Given& given) {
    const Setting* const setting = FindSetting(name);
    if (setting->flag.kind != Flag::Kind::kList && given.texts.size() != 1) {
      return Failure(given.place + " must have one value" + (given.texts.empty() ? "" : ", and is given twice"));
    }
    if (const auto set = setting->set(settings, given.texts); !set) return Failure(given.place + ": " + set.error());
    return Done{};
  }

  // Overruled settings are checked too: a bad value is a mistake wherever it is given.
  void Add(std::string_view name, Given given) {
    Settings scratch;
    if (auto set = Apply(scratch, name, given); !set) return faults_.push_back(std::move(set.error()));
    given_[std::string(name)] = std::move(given);
  }

  void AddFile(const SettingsFileText& file) {
    const SettingsFileContent content = ReadSettingsFile(file.text);
    // By line, as a person reads the file.
    std::multimap<int, std::string> faults;
    for (const FileFault& fault : content.faults) {
      faults.emplace(fault.line, file.path + " line " + std::to_string(fault.line) + ": " + fault.text);
    }
    for (const auto& [key, value] : content.values) {
      const std::string place = file.path + " line " + std::to_string(value.line) + ": ";
      if (!FindSetting(key) || key == "config") {
        std::string dashed = key;
        std::ranges::replace(dashed, '_', '-');
        const bool misspelled = dashed != key && FindSetting(dashed);
        faults.emplace(value.line, place + "unknown key \"" + key + "\"" +
                                       (misspelled ? "; it is written \"" + dashed + "\"" : ""));
        continue;
      }
      Add(key, {Source::kFile, place + key, value.texts});
      if (!faults_.empty()) faults.emplace(value.line, std::exchange(faults_, {}).front());
    }
    for (auto& [line, fault] : faults) faults_.push_back(std::move(fault));
  }

  void AddEnvironment(const Environment& environment) {
    for (const Setting& setting : AllSettings()) {
      const std::string variable = VariableOf(setting.flag.name);
      const auto found = environment.find(variable);
      if (found == environment.end() || found->second.empty()) continue;
      Add(setting.flag.name, {Source::kEnvironment, variable, SplitVariable(setting.flag, found->second)});
    }
    for (const auto& [name, value] : environment) {
      if (!name.starts_with(kPrefix) || value.empty() || IsServiceLink(name, value)) continue;
      const bool known = std::ranges::any_of(
          AllSettings(), [&](const Setting& setting) { return VariableOf(setting.flag.name) == name; });
      if (!known) faults_.push_back("unknown environment variable " + name);
    }
  }

  void CheckTogether() {
    KeepOne("admin-key", settings_.admin_key, settings_.admin_key_file);
    KeepOne("smtp-password", settings_.smtp_password, settings_.smtp_password_file);
    CheckTls();
    CheckSmtp();
    CheckOtlp();
    if (settings_.retry.base > settings_.retry.delay_max) {
      faults_.push_back(PlaceOf("retry-base") + " must not be longer than " + PlaceOf("retry-max-delay"));
    }
  }

  // A secret may be given itself or by its file: the source with the higher precedence counts.
  void KeepOne(const std::string& name, std::optional<std::string>& secret, std::optional<std::string>& of_file) {
    if (!secret || !of_file) return;
    const Given& direct = given_[name];
    const Given& file = given_[name + "-file"];
    if (direct.source == file.source) {
      faults_.push_back(direct.place + " and " + file.place + " exclude each other");
    } else if (direct.source < file.source) {
      secret.reset();
    } else {
      of_file.reset();
    }
  }

  void CheckTls() {
    const bool certificate = settings_.tls_cert.has_value();
    if (certificate != settings_.tls_key.has_value()) {
      faults_.push_back(PlaceOf(certificate ? "tls-cert" : "tls-key") + " needs " +
                        (certificate ? "--tls-key" : "--tls-cert") + ": TLS takes a certificate and its key");
    } else if (certificate && settings_.listen.is_unix()) {
      faults_.push_back(PlaceOf("tls-cert") + ": a Unix socket takes no TLS: nobody else reads it");
    } else if (certificate && settings_.public_url.value_or("https:").starts_with("http:")) {
      faults_.push_back(PlaceOf("public-url") + ": it begins with http://, but with " + PlaceOf("tls-cert") +
                        " the server speaks https:// alone");
    }
  }

  void CheckSmtp() {
    const bool password = settings_.smtp_password || settings_.smtp_password_file;
    if (!settings_.smtp) {
      if (password || settings_.smtp_from) faults_.push_back("--smtp-url is missing: the mail server is not named");
      return;
    }
    if (!settings_.smtp_from) faults_.push_back(PlaceOf("smtp-url") + ": --smtp-from is missing");
    if (!settings_.smtp->user.empty() && !password) {
      faults_.push_back(PlaceOf("smtp-url") + " names a user: --smtp-password-file is missing");
    } else if (settings_.smtp->user.empty() && password) {
      faults_.push_back(PlaceOf("smtp-url") + " names no user, but there is a password");
    }
  }

  void CheckOtlp() {
    if (settings_.otlp_endpoint) return;
    for (const char* const name : {"otlp-headers-file", "otlp-sample", "otlp-propagate", "otlp-trust-traceparent"}) {
      if (given_.contains(name)) faults_.push_back(PlaceOf(name) + ": --otlp-endpoint is missing");
    }
  }

  std::string PlaceOf(const std::string& name) const {
    const auto found = given_.find(name);
    return found == given_.end() ? "--" + name : found->second.place;
  }

  Settings settings_;
  std::map<std::string, Given> given_;
  std::vector<std::string> faults_;
};

}  // namespace

std::string ListenAddress::ToString() const {
  if (is_unix()) return std::string(kUnix) + socket_path;
  const bool v6 = host.find(':') != std::string::npos;
  return (v6 ? "[" + host + "]" : host) + ":" + std::to_string(port);
}

std::expected<ListenAddress, std::string> ParseListenAddress(std::string_view text) {
  if (text.starts_with(kUnix)) return ParseUnixPath(text.substr(kUnix.size()));
  const Failure wrong("\"" + std::string(text) +
                      "\" is not HOST:PORT, such as 127.0.0.1:8080 or [::1]:8080, nor unix:/PATH");
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) return wrong;
  std::string_view host = text.substr(0, colon);
  const std::string_view digits = text.substr(colon + 1);
  ListenAddress address;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), address.port);
  if (error != std::errc() || end != digits.data() + digits.size()) return wrong;
  if (host.starts_with('[') && host.ends_with(']')) {
    host = host.substr(1, host.size() - 2);
    if (host.find(':') == std::string_view::npos) return wrong;
  } else if (host.find(':') != std::string_view::npos) {
    return wrong;
  }
  const bool valid = std::ranges::all_of(host, [](char c) { return c > ' ' && c <= '~' && c != '/' && c != '@'; });
  if (host.empty() || !valid) return wrong;
  address.host = host;
  return address;
}

std::span<const Flag> SettingFlags() {
  static const std::vector<Flag> flags = [] {
    std::vector<Flag> list;
    for (const Setting& setting : AllSettings()) list.push_back(setting.flag);
    return list;
  }();
  return flags;
}

std::optional<std::string> ConfigPath(const FlagTexts& flags, const Environment& environment) {
  if (const auto flag = flags.find("config"); flag != flags.end() && !flag->second.empty()) return flag->second.back();
  const auto variable = environment.find(VariableOf("config"));
  if (variable == environment.end() || variable->second.empty()) return std::nullopt;
  return variable->second;
}

std::expected<std::optional<SettingsFileText>, std::string> ReadSettingsFileOf(const FlagTexts& flags,
                                                                               const Environment& environment) {
  const auto path = ConfigPath(flags, environment);
  if (!path) return std::nullopt;
  SettingsFileText file{*path, std::string(kFileBytesMax + 1, '\0')};
  errno = 0;
  std::ifstream stream(*path, std::ios::binary);
  stream.read(file.text.data(), static_cast<std::streamsize>(file.text.size()));
  if (!stream.is_open() || stream.bad()) {
    return Failure("cannot read the configuration file " + *path + ": " +
                   std::generic_category().message(errno == 0 ? EIO : errno));
  }
  if (stream.gcount() > static_cast<std::streamsize>(kFileBytesMax)) {
    return Failure("the configuration file " + *path + " is larger than 1 MiB");
  }
  file.text.resize(static_cast<std::size_t>(stream.gcount()));
  return file;
}

std::expected<Settings, std::string> LoadSettings(const FlagTexts& flags, const Environment& environment) {
  const auto file = ReadSettingsFileOf(flags, environment);
  if (!file) return Failure(file.error());
  return ResolveSettings(flags, environment, *file);
}

std::expected<Settings, std::string> ResolveSettings(const FlagTexts& flags, const Environment& environment,
                                                     const std::optional<SettingsFileText>& file) {
  SettingsCheck check = CheckSettings(flags, environment, file);
  if (!check.faults.empty()) return Failure(check.faults.front());
  return std::move(check.settings);
}

SettingsCheck CheckSettings(const FlagTexts& flags, const Environment& environment,
                            const std::optional<SettingsFileText>& file) {
  return Resolver().Resolve(flags, environment, file);
}

std::expected<Done, std::string> CheckSmtpPassword(std::string_view password) {
  const bool usable = std::ranges::none_of(password, [](unsigned char c) { return c < 0x20 || c == 0x7f; });
  if (password.empty() || password.size() > kSmtpPasswordBytesMax || !usable) {
    return Failure("the password must be 1 to 255 bytes without control characters");
  }
  return Done{};
}

std::expected<Done, std::string> CheckAdminKey(std::string_view key) {
  const bool visible = std::ranges::all_of(key, [](char c) { return c > ' ' && c <= '~'; });
  if (key.size() < kAdminKeyBytesMin || key.size() > kAdminKeyBytesMax || !visible) {
    return Failure("the key must be 32 to 1024 visible ASCII characters");
  }
  return Done{};
}

}  // namespace shakehook
