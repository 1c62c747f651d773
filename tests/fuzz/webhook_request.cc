// A webhook's custom headers and secrets, as they are in the request: each header is one line, the server's own are
// there exactly once, and the signatures are those that OpenSSL's one-shot function computes.
#include <fuzzer/FuzzedDataProvider.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <cstdint>
#include <map>

#include "api/webhooks/webhook_headers.h"
#include "base/check.h"
#include "base/encoding.h"
#include "delivery/request_builder.h"

namespace shakehook {
namespace {

std::string Hmac(const std::string& key, const std::string& text) {
  std::uint8_t digest[EVP_MAX_MD_SIZE];
  unsigned bytes = 0;
  HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), reinterpret_cast<const std::uint8_t*>(text.data()),
       text.size(), digest, &bytes);
  return {reinterpret_cast<const char*>(digest), bytes};
}

// By lowercase name.
std::map<std::string, std::string> Lines(std::string_view text) {
  std::map<std::string, std::string> lines;
  while (!text.empty()) {
    const std::size_t end = text.find("\r\n");
    CHECK(end != std::string_view::npos);
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(end + 2);
    CHECK(std::ranges::all_of(line, [](char c) { return c >= ' ' && c <= '~'; }));
    const std::size_t colon = line.find(": ");
    CHECK(colon != std::string_view::npos && colon > 0);
    std::string name(line.substr(0, colon));
    std::ranges::transform(name, name.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    CHECK(lines.emplace(name, line.substr(colon + 2)).second);
  }
  return lines;
}

void CheckSignatures(const Webhook& webhook, const OwedDelivery& delivery, Timestamp now) {
  RequestBuilder builder(webhook);
  const SignedHeaders built = builder.Build(delivery, now);
  const auto lines = Lines(built.lines);
  const std::string& payload = delivery.event->payload;
  CHECK(lines.at("content-type") == "application/json");
  CHECK(lines.at("user-agent") == "Bookingshake-Webhooks/1.0");
  CHECK(lines.at("idempotency-key") == delivery.id.ToString());
  CHECK(lines.contains("bookingshake-test") == (delivery.purpose == OwedDelivery::Purpose::kTest));
  CHECK(!lines.contains("host") && !lines.contains("content-length") && !lines.contains("transfer-encoding"));
  const bool overlap = webhook.secrets.InOverlap(now) && !webhook.secrets.previous.empty();
  const std::string signature = Hmac(overlap ? webhook.secrets.previous : webhook.secrets.current, payload);
  CHECK(lines.at("bookingshake-signature") == ToHex(AsBytes(signature)));
  CHECK(lines.contains("webhook-signature") == (webhook.standard_headers == Switch::kOn));
  if (webhook.standard_headers == Switch::kOff) return;
  std::string key = webhook.secrets.current;
  if (key.starts_with(kSecretPrefix)) {
    if (const auto decoded = FromBase64(key.substr(kSecretPrefix.size()))) key.assign(decoded->begin(), decoded->end());
  }
  const std::string standard = Hmac(key, lines.at("webhook-id") + "." + lines.at("webhook-timestamp") + "." + payload);
  CHECK(lines.at("webhook-signature").starts_with("v1," + ToBase64(AsBytes(standard))));
}

CustomHeaders ReadHeaders(const std::string& text) {
  const auto json = ParseJson(text);
  if (!json || json->object() == nullptr) return {};
  static const Json body{Json::Object()};
  FieldReader fields(body);
  CustomHeaders headers = ReadCustomHeaders(fields, *json, {{"X-Stored", "kept"}});
  if (!fields.ok()) return {};
  std::size_t bytes = 0;
  for (const auto& [name, value] : headers) bytes += name.size() + value.size();
  CHECK(headers.size() <= kCustomHeadersMax && bytes <= kCustomHeaderBytesMax);
  return headers;
}

}  // namespace
}  // namespace shakehook

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace shakehook;
  FuzzedDataProvider input(data, size);
  Webhook webhook;
  webhook.standard_headers = input.ConsumeBool() ? Switch::kOn : Switch::kOff;
  const auto now = FromUnixMs(input.ConsumeIntegralInRange<std::int64_t>(0, 253'402'300'799'999));
  if (input.ConsumeBool()) webhook.secrets.overlap_ends_at = now + Milliseconds(input.ConsumeIntegral<std::int8_t>());
  OwedDelivery delivery;
  delivery.purpose = input.PickValueInArray(
      {OwedDelivery::Purpose::kDeliver, OwedDelivery::Purpose::kTest, OwedDelivery::Purpose::kAgain});
  webhook.headers = ReadHeaders(input.ConsumeRandomLengthString());
  webhook.secrets.current = input.ConsumeRandomLengthString(80);
  webhook.secrets.previous = input.ConsumeRandomLengthString(80);
  auto event = std::make_shared<Event>();
  event->payload = input.ConsumeRemainingBytesAsString();
  delivery.event = std::move(event);
  CheckSignatures(webhook, delivery, now);
  return 0;
}
