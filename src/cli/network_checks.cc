#include "cli/network_checks.h"

#include <sys/stat.h>
#include <unistd.h>

#include <boost/asio/connect.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "cli/loop_thread.h"
#include "cli/otlp_headers.h"
#include "cli/shown_certificate.h"
#include "net/dns_resolver.h"
#include "net/http_client.h"
#include "net/system_trust.h"
#include "net/target_url.h"
#include "net/unix_listener.h"

namespace shakehook {
namespace {

using Grade = Finding::Grade;

// A name that exists for being asked for (RFC 2606).
constexpr const char* kAskedName = "example.com";
constexpr Milliseconds kSlow{1'000};
constexpr Milliseconds kConnectPatience{3'000};

bool IsLoopback(const std::string& host) {
  boost::system::error_code error;
  const auto address = asio::ip::make_address(host, error);
  return error ? host == "localhost" : address.is_loopback();
}

// Tells whether the address can be listened at now; nothing: it is a name.
std::optional<boost::system::error_code> TryListening(const ListenAddress& listen) {
  boost::system::error_code error;
  const auto address = asio::ip::make_address(listen.host, error);
  if (error) return std::nullopt;
  asio::io_context context;
  asio::ip::tcp::acceptor acceptor(context);
  const asio::ip::tcp::endpoint endpoint(address, listen.port);
  acceptor.open(endpoint.protocol(), error);
  if (!error) acceptor.set_option(asio::socket_base::reuse_address(true), error);
  if (!error) acceptor.bind(endpoint, error);
  if (!error) acceptor.listen(1, error);
  return error;
}

Finding CheckUnixSocket(const std::string& path) {
  const std::string text = "unix:" + path;
  const std::string folder = std::filesystem::path(path).parent_path().string();
  switch (LookAtUnixPath(path)) {
    case AtUnixPath::kListens:
      return {Grade::kGood, "listening", text + " is in use, which is right while the server runs"};
    case AtUnixPath::kOther:
      return {Grade::kBad, "listening", path + " is there, and is no socket that this user sees",
              "Name another file with --listen, or take that one away."};
    case AtUnixPath::kNothing:
    case AtUnixPath::kLeftBehind:
      break;
  }
  if (::access(folder.c_str(), W_OK | X_OK) != 0) {
    return {Grade::kBad, "listening", text + ": " + folder + " is not writable: " + std::strerror(errno),
            "Make the folder, and let the user that runs the server own it (systemd: RuntimeDirectory=shakehook)."};
  }
  return {Grade::kGood, "listening", text};
}

Finding CheckListening(const Settings& settings) {
  if (settings.listen.is_unix()) return CheckUnixSocket(settings.listen.socket_path);
  const std::string text = settings.listen.ToString();
  const auto error = TryListening(settings.listen);
  if (error && *error == boost::system::errc::address_in_use) {
    return {Grade::kGood, "listening", text + " is in use, as it must be while the server runs"};
  }
  if (error && *error) {
    return {Grade::kBad, "listening", text + ": " + error->message(),
            "Name an address of this machine with --listen; ports below 1024 need CAP_NET_BIND_SERVICE."};
  }
  if (!IsLoopback(settings.listen.host) && !settings.tls_cert) {
    return {Grade::kWarning, "listening", text + ", without TLS, for everybody who reaches this machine",
            "Name a certificate with --tls-cert, or put a proxy with TLS in front and listen at 127.0.0.1."};
  }
  return {Grade::kGood, "listening", text};
}

Finding CheckPublicUrl(const Settings& settings) {
  if (!settings.public_url) {
    return settings.listen.is_unix()
               ? Finding{Grade::kWarning, "public URL", "not set: no browser can open a Unix socket",
                         "Say how browsers reach the proxy: --public-url https://hooks.example.com"}
               : Finding{Grade::kGood, "public URL", "not set: browsers must open the listening address itself"};
  }
  if (settings.public_url->starts_with("http:")) {
    return {Grade::kWarning, "public URL",
            *settings.public_url + " is not encrypted: passwords and secrets are sent over it",
            "Serve the dashboard by https:// behind a proxy, and name that address with --public-url."};
  }
  return {Grade::kGood, "public URL", *settings.public_url};
}

Finding CheckProxies(const Settings& settings) {
  const bool behind_tls = settings.public_url && settings.public_url->starts_with("https:") && !settings.tls_cert;
  const bool on_network = !settings.listen.is_unix() && !IsLoopback(settings.listen.host);
  if (settings.trusted_proxies.empty() && behind_tls && on_network) {
    return {
        Grade::kWarning, "trusted proxies",
        "clients come through a proxy with TLS, but no proxy on another machine is trusted: all clients look like one",
        "Name the proxy's address with --trusted-proxy, and let it append to X-Forwarded-For."};
  }
  if (settings.trusted_proxies.empty()) {
    return {Grade::kGood, "trusted proxies",
            "only those on this machine; one on another machine needs --trusted-proxy, or all clients look like one"};
  }
  return {Grade::kGood, "trusted proxies",
          "those on this machine, and " + std::to_string(settings.trusted_proxies.size()) + " ranges"};
}

Finding CheckCertificate(const Settings& settings, const Clock& clock) {
  if (!settings.tls_cert) return {Grade::kGood, "TLS certificate", "none: the server speaks no TLS itself"};
  const auto loaded = ShownCertificate::Read(settings);
  if (!loaded) {
    return {Grade::kBad, "TLS certificate", loaded.error(),
            "Name a certificate with its chain and the key to it, in PEM form, that the server's user may read."};
  }
  const Timestamp now = clock.Now();
  const ServerCertificate& certificate = **loaded;
  const std::string days = std::to_string(ShownCertificate::DaysLeft(certificate, now));
  const std::string renew = "Renew it, then send the server SIGHUP (systemctl reload shakehook).";
  if (certificate.expires_at() <= now)
    return {Grade::kBad, "TLS certificate", *settings.tls_cert + " has expired", renew};
  if (certificate.expires_at() - now <= ShownCertificate::kWarning) {
    return {Grade::kWarning, "TLS certificate", *settings.tls_cert + " expires in " + days + " days", renew};
  }
  const auto public_url = ParseTargetUrl(settings.public_url.value_or(""));
  if (public_url && !certificate.Covers(public_url->host)) {
    return {Grade::kWarning, "TLS certificate", *settings.tls_cert + " is not made out for " + public_url->host,
            "Get a certificate for the name in --public-url, or browsers warn of the server."};
  }
  struct stat status{};
  if (::stat(settings.tls_key->c_str(), &status) == 0 && (status.st_mode & S_IROTH) != 0) {
    return {Grade::kWarning, "TLS certificate", "everybody on this machine may read " + *settings.tls_key,
            "chmod o= " + *settings.tls_key};
  }
  return {Grade::kGood, "TLS certificate", *settings.tls_cert + ", for " + days + " days"};
}

Finding CheckNames(Clock& clock) {
  Loop loop(clock);
  DnsResolver resolver(loop);
  DnsResolver::WaitId wait = 0;
  const SteadyTime began = clock.Steady();
  DnsAnswer response;
  {
    LoopThread thread(loop, "names");
    struct Lookup {
      static Async<std::expected<DnsAddresses, DnsFailure>> Run(DnsResolver& resolver, DnsResolver::WaitId& wait) {
        co_return co_await resolver.Resolve(kAskedName, 0, wait);
      }
    };
    response = Await(loop, [&] { return Lookup::Run(resolver, wait); });
  }
  const auto took = std::chrono::duration_cast<Milliseconds>(clock.Steady() - began);
  const std::string text = "asked for " + std::string(kAskedName);
  if (!response && response.error().own_fault) {
    return {Grade::kBad, "name servers", text + ": " + response.error().message,
            "Check /etc/resolv.conf and the firewall (UDP and TCP port 53). Deliveries wait until names are found."};
  }
  const std::string in_time = " in " + std::to_string(took.count()) + " ms";
  if (took > kSlow) {
    return {Grade::kWarning, "name servers", text + ", answered" + in_time,
            "A name server is silent or slow: take it out of /etc/resolv.conf. An attempt has 5 s in all."};
  }
  return {Grade::kGood, "name servers", text + ", answered" + in_time};
}

// Tells why the address cannot be connected to within some seconds; empty: it can.
std::string TryConnecting(const std::string& host, std::uint16_t port) {
  asio::io_context context;
  asio::ip::tcp::resolver resolver(context);
  asio::ip::tcp::socket socket(context);
  std::string failure = "it does not react";
  resolver.async_resolve(host, std::to_string(port), [&](const auto& error, const auto& found) {
    failure = error ? error.message() : failure;
    if (error) return;
    asio::async_connect(socket, found,
                        [&](const auto& refused, const auto&) { failure = refused ? refused.message() : ""; });
  });
  context.run_for(kConnectPatience);
  return failure;
}

Finding CheckEgress(const Settings& settings) {
  const Egress& egress = settings.egress;
  if (const auto has = egress.sources.CheckThisMachine(); !has) {
    return {Grade::kBad, "way out", "--bind-out: " + has.error(),
            "Name an address that `ip address` shows, or leave it out."};
  }
  std::string text = egress.sources.chosen() ? "from the addresses of --bind-out" : "from any address of this machine";
  if (!egress.proxy) return {Grade::kGood, "way out", text + ", straight to the endpoints"};
  text += ", by the proxy at " + egress.proxy->ToString();
  const std::string failure = TryConnecting(egress.proxy->host, egress.proxy->port);
  if (failure.empty()) return {Grade::kGood, "way out", text};
  return {Grade::kBad, "way out", text + ", which cannot be reached: " + failure,
          "Start the proxy, or mend --egress-proxy. Deliveries wait until then."};
}

Finding CheckTraces(const Settings& settings) {
  if (!settings.otlp_endpoint) return {Grade::kGood, "traces", "not sent (--otlp-endpoint)"};
  const TargetUrl& collector = *settings.otlp_endpoint;
  const bool clear = collector.scheme == TargetUrl::Scheme::kHttp;
  const std::string text = std::string(clear ? "http://" : "https://") + collector.host_header + collector.target;
  if (settings.otlp_headers_file) {
    if (const auto headers = ReadOtlpHeaders(*settings.otlp_headers_file); !headers) {
      return {Grade::kBad, "traces", headers.error(),
              "Mend the file of --otlp-headers-file, or let the server read it."};
    }
  }
  const std::string failure = TryConnecting(collector.host, collector.port);
  if (!failure.empty()) {
    return {Grade::kWarning, "traces", "the collector at " + text + " cannot be reached: " + failure,
            "Start the collector, or mend --otlp-endpoint. Traces are dropped until then; nothing else waits for it."};
  }
  if (settings.otlp_headers_file && clear && !IsLoopback(collector.host)) {
    return {Grade::kWarning, "traces", "the headers for " + text + " go over the network in clear",
            "Use an https:// address for the collector."};
  }
  return {Grade::kGood, "traces", "to " + text};
}

Finding CheckTrust(const Settings& settings) {
  const auto trust = TlsTrust::Load(settings.ca_file);
  if (!trust) {
    return {Grade::kBad, "TLS trust", trust.error(),
            "Install ca-certificates, or name a file of certificates with --ca-file or SSL_CERT_FILE."};
  }
  const std::string place = FindSystemTrust();
  if (place.empty()) {
    return {settings.ca_file.empty() ? Grade::kBad : Grade::kWarning, "TLS trust",
            "this system has no certificate authorities: https:// endpoints are refused",
            "Install the package ca-certificates."};
  }
  return {Grade::kGood, "TLS trust",
          "the system's (" + place + ")" + (settings.ca_file.empty() ? "" : " and " + settings.ca_file)};
}

}  // namespace

Findings CheckNetwork(const Settings& settings, Clock& clock) {
  return {CheckListening(settings), CheckCertificate(settings, clock),
          CheckPublicUrl(settings), CheckProxies(settings),
          CheckNames(clock),        CheckEgress(settings),
          CheckTrust(settings),     CheckTraces(settings)};
}

}  // namespace shakehook
