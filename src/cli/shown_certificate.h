// ShownCertificate is the server's own certificate, as --tls-cert and --tls-key name it: read at the start, and again
// when the operator asks for it. The log and a metric tell when it ends.
//
// Ownership: the registry and the clock outlive it.
// Threads:   used by the main thread.
#pragma once

#include <prometheus/gauge.h>
#include <prometheus/registry.h>

#include <expected>
#include <memory>
#include <string>

#include "base/clock.h"
#include "base/result.h"
#include "cli/settings.h"
#include "net/http_server.h"
#include "net/server_certificate.h"

namespace shakehook {

class ShownCertificate {
 public:
  // The log warns this long before a certificate expires; one that is renewed automatically has been renewed by then.
  static constexpr Milliseconds kWarning = std::chrono::days(14);

  // Returns null if the settings name none. The error is one line that names the flag and the file.
  static std::expected<std::shared_ptr<const ServerCertificate>, std::string> Read(const Settings& settings);
  // Returns the whole days until the certificate ends; negative: it has.
  static int DaysLeft(const ServerCertificate& certificate, Timestamp now);

  ShownCertificate(prometheus::Registry& registry, const Clock& clock) : registry_(registry), clock_(clock) {}

  // Reads the files for the first time. The error is that of Read.
  std::expected<Done, std::string> Load(const Settings& settings);
  // Reads the files again and gives what they hold to the server. Where they are bad, do not belong together or have
  // expired, the log says why, and the server keeps what it has.
  void Reload(const Settings& settings, HttpServer& server);

  // Null: the server speaks no TLS.
  const std::shared_ptr<const ServerCertificate>& certificate() const { return certificate_; }

 private:
  void Show(std::shared_ptr<const ServerCertificate> certificate);

  prometheus::Registry& registry_;
  const Clock& clock_;
  std::shared_ptr<const ServerCertificate> certificate_;
  prometheus::Gauge* ends_at_ = nullptr;  // null: there is no certificate
};

}  // namespace shakehook
