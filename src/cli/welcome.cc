#include "cli/welcome.h"

#include <algorithm>

#include "cli/version.h"

namespace shakehook {
namespace {

// Quotes the text for a shell, in single quotes if it needs any.
std::string Quoted(const std::string& text) {
  const bool plain = std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '/' || c == '.' ||
           c == '-' || c == '_';
  });
  if (plain) return text;
  std::string quoted = "'";
  for (const char c : text) quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return quoted + "'";
}

// An address for all of the machine's interfaces is reached by its loopback address.
std::string UrlOf(const Settings& settings, const ListenAddress& listening) {
  if (listening.is_unix()) return "http://localhost";
  ListenAddress reached = listening;
  if (reached.host == "0.0.0.0") reached.host = "127.0.0.1";
  if (reached.host == "::") reached.host = "::1";
  return (settings.tls_cert ? "https://" : "http://") + reached.ToString();
}

std::string KeyText(const BootstrapKey& key) {
  switch (key.origin) {
    case BootstrapKey::Origin::kMade:
      return key.key + "\n               shown only now; it is stored in " + key.file;
    case BootstrapKey::Origin::kFile:
      return "in " + key.file;
    case BootstrapKey::Origin::kGiven:
      return "the one that was given";
    case BootstrapKey::Origin::kStored:
      return "as before; --admin-key-file gives a new one";
  }
  return {};
}

std::string KeyForShell(const BootstrapKey& key) {
  return key.file.empty() ? "$ADMIN_KEY" : "$(cat " + Quoted(key.file) + ")";
}

std::string DashboardText(const std::string& url, const std::string& setup_token) {
  if (setup_token.empty()) return url + "/";
  return url + "/setup?token=" + setup_token +
         "\n               creates the first administrator; valid once, until the next start";
}

}  // namespace

std::string DashboardUrl(const Settings& settings, const ListenAddress& listening) {
  return settings.public_url.value_or(UrlOf(settings, listening));
}

std::string WelcomeText(const Settings& settings, const ListenAddress& listening, const BootstrapKey& key,
                        const std::string& setup_token) {
  const std::string url = DashboardUrl(settings, listening);
  return VersionLine() + " is ready\n\n" + "  dashboard    " + DashboardText(url, setup_token) + "\n" +
         "  API          " + url + "/api\n" + "  reference    " + url + "/docs\n" + "  data         " +
         settings.database_path + "\n" + "  admin key    " + KeyText(key) + "\n\n" + "Make a venue to begin with:\n" +
         "  curl " +
         (listening.is_unix() && !settings.public_url ? "--unix-socket " + Quoted(listening.socket_path) + " " : "") +
         url + "/api/venues -H \"Authorization: Bearer " + KeyForShell(key) + "\" \\\n" +
         "    -H 'Content-Type: application/json' -d '{\"id\": \"venue123\", \"name\": \"My venue\"}'\n\n";
}

}  // namespace shakehook
