#include "cli/shown_certificate.h"

#include <utility>

#include "base/log.h"

namespace shakehook {

std::expected<std::shared_ptr<const ServerCertificate>, std::string> ShownCertificate::Read(const Settings& settings) {
  if (!settings.tls_cert || !settings.tls_key) return nullptr;
  auto loaded = ServerCertificate::Load({.certificate = *settings.tls_cert, .key = *settings.tls_key});
  if (loaded) return *std::move(loaded);
  const bool of_key = loaded.error().of == ServerCertificate::Failure::Of::kKey;
  return std::unexpected((of_key ? "--tls-key: " : "--tls-cert: ") + loaded.error().reason);
}

int ShownCertificate::DaysLeft(const ServerCertificate& certificate, Timestamp now) {
  return static_cast<int>(std::chrono::floor<std::chrono::days>(certificate.expires_at() - now).count());
}

std::expected<Done, std::string> ShownCertificate::Load(const Settings& settings) {
  auto read = Read(settings);
  if (!read) return std::unexpected(std::move(read.error()));
  if (*read == nullptr) return Done{};
  ends_at_ = &prometheus::BuildGauge()
                  .Name("shakehook_tls_certificate_expiry_timestamp_seconds")
                  .Help("When clients cease to accept the server's own certificate, in Unix time.")
                  .Register(registry_)
                  .Add({});
  Show(*std::move(read));
  return Done{};
}

void ShownCertificate::Reload(const Settings& settings, HttpServer& server) {
  if (settings.tls_cert.has_value() != (certificate_ != nullptr)) {
    LogError("TLS is switched on or off only by a restart; the server goes on as before");
    return;
  }
  if (!certificate_) return;
  auto read = Read(settings);
  const bool expired = read && (*read)->expires_at() <= clock_.Now();
  if (!read || expired) {
    LogError("the server goes on with the certificate that it has",
             {{"reason", read ? "--tls-cert: " + *settings.tls_cert + " has expired" : read.error()}});
    return;
  }
  server.UseCertificate(*read);
  Show(*std::move(read));
  LogInfo("new connections get the certificate of the files",
          {{"days_left", std::to_string(DaysLeft(*certificate_, clock_.Now()))}});
}

void ShownCertificate::Show(std::shared_ptr<const ServerCertificate> certificate) {
  certificate_ = std::move(certificate);
  const Timestamp end = certificate_->expires_at();
  ends_at_->Set(static_cast<double>(UnixMs(end)) / 1e3);
  const Timestamp now = clock_.Now();
  if (end - now > kWarning) return;
  LogWarning(end <= now ? "the server's certificate has expired: clients refuse to connect"
                        : "the server's certificate expires soon",
             {{"days_left", std::to_string(DaysLeft(*certificate_, now))}});
}

}  // namespace shakehook
