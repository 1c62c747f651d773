#include "delivery/request_builder.h"

#include "base/encoding.h"

namespace shakehook {
namespace {

// Returns the standard's key. A secret of another form is used as it is, so that a signature is never left out.
std::string StandardKey(const std::string& secret) {
  if (secret.starts_with(kSecretPrefix)) {
    if (const auto key = FromBase64(std::string_view(secret).substr(kSecretPrefix.size()))) {
      return {key->begin(), key->end()};
    }
  }
  return secret;
}

void AppendLine(std::string& lines, std::string_view name, std::string_view value) {
  lines += name;
  lines += ": ";
  lines += value;
  lines += "\r\n";
}

}  // namespace

RequestBuilder::Signer::Signer(const std::string& secret) : document(secret), standard(StandardKey(secret)) {}

RequestBuilder::RequestBuilder(const Webhook& webhook)
    : overlap_ends_at_(webhook.secrets.overlap_ends_at),
      standard_headers_(webhook.standard_headers == Switch::kOn),
      current_(webhook.secrets.current) {
  if (overlap_ends_at_ && !webhook.secrets.previous.empty()) previous_.emplace(webhook.secrets.previous);
  for (const auto& [name, value] : webhook.headers) AppendLine(custom_lines_, name, value);
}

SignedHeaders RequestBuilder::Build(const OwedDelivery& delivery, Timestamp now) {
  const std::string& payload = delivery.event->payload;
  const std::string id = delivery.id.ToString();
  const bool overlap = previous_ && now < *overlap_ends_at_;
  SignedHeaders headers;
  headers.signature = (overlap ? *previous_ : current_).document.Sign(payload);
  constexpr std::size_t kUsualBytes = 512;
  headers.lines.reserve(kUsualBytes + custom_lines_.size());
  headers.lines += "Content-Type: application/json\r\nUser-Agent: Bookingshake-Webhooks/1.0\r\n";
  AppendLine(headers.lines, "Bookingshake-Signature", ToHex(headers.signature));
  AppendLine(headers.lines, "Idempotency-Key", id);
  if (standard_headers_) {
    const std::string seconds = std::to_string(UnixMs(now) / 1000);
    headers.standard_signature = StandardSignature(id + "." + seconds + ".", payload, overlap);
    AppendLine(headers.lines, "webhook-id", id);
    AppendLine(headers.lines, "webhook-timestamp", seconds);
    AppendLine(headers.lines, "webhook-signature", headers.standard_signature);
  }
  if (delivery.purpose == OwedDelivery::Purpose::kTest) AppendLine(headers.lines, "Bookingshake-Test", "true");
  headers.lines += custom_lines_;
  return headers;
}

std::string RequestBuilder::StandardSignature(const std::string& signed_prefix, const std::string& payload,
                                              bool overlap) {
  std::string signature = "v1," + ToBase64(current_.standard.Sign(signed_prefix, payload));
  if (overlap) signature += " v1," + ToBase64(previous_->standard.Sign(signed_prefix, payload));
  return signature;
}

}  // namespace shakehook
