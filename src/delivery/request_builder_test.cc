#include "delivery/request_builder.h"

#include <gtest/gtest.h>

#include "base/encoding.h"

namespace shakehook {
namespace {

constexpr Timestamp kNow = FromUnixMs(1'731'493'800'999);

OwedDelivery Delivery(OwedDelivery::Purpose purpose = OwedDelivery::Purpose::kDeliver) {
  OwedDelivery delivery;
  delivery.id = *DeliveryId::Parse("0193256e-2f40-7000-8000-000000000001");
  delivery.purpose = purpose;
  auto event = std::make_shared<Event>();
  event->payload = R"({"event":"contact.deleted"})";
  delivery.event = std::move(event);
  return delivery;
}

Webhook WithSecret(std::string secret) {
  Webhook webhook;
  webhook.secrets.current = std::move(secret);
  return webhook;
}

std::string Hex(std::string_view secret) { return ToHex(HmacKey(secret).Sign(Delivery().event->payload)); }

// The specification's own example: https://github.com/standard-webhooks/standard-webhooks (spec, "Signature scheme").
TEST(RequestBuilder, SignsAsTheStandardWebhooksExampleDoes) {
  Webhook webhook = WithSecret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
  webhook.standard_headers = Switch::kOn;
  OwedDelivery delivery = Delivery();
  auto event = std::make_shared<Event>();
  event->payload = R"({"test": 2432232314})";
  delivery.event = event;
  const SignedHeaders headers = RequestBuilder(webhook).Build(delivery, FromUnixMs(1'614'265'330'000));
  HmacKey key(
      std::string_view("\x31\xf2\x90\xf6\xbf\x06\x29\x8a\xab\x4f\x08\xd4\x3c\x3f\x08\x2c\xf6\x48\xa3\x62\xda"
                       "\x2d\xa4\xb0",
                       24));
  EXPECT_EQ(headers.standard_signature,
            "v1," + ToBase64(key.Sign("0193256e-2f40-7000-8000-000000000001.1614265330.", event->payload)));
}

TEST(RequestBuilder, SendsTheDocumentsFourHeaders) {
  const SignedHeaders headers = RequestBuilder(WithSecret("whsec_c2VjcmV0")).Build(Delivery(), kNow);
  EXPECT_EQ(headers.lines,
            "Content-Type: application/json\r\n"
            "User-Agent: Bookingshake-Webhooks/1.0\r\n"
            "Bookingshake-Signature: " +
                Hex("whsec_c2VjcmV0") +
                "\r\n"
                "Idempotency-Key: 0193256e-2f40-7000-8000-000000000001\r\n");
  EXPECT_EQ(ToHex(headers.signature), Hex("whsec_c2VjcmV0"));
  EXPECT_EQ(headers.standard_signature, "");
}

TEST(RequestBuilder, SignsWithTheOldSecretUntilTheOverlapEnds) {
  Webhook webhook = WithSecret("whsec_bmV3");
  webhook.secrets.previous = "whsec_b2xk";
  webhook.secrets.overlap_ends_at = kNow + Milliseconds(1'000);
  webhook.standard_headers = Switch::kOn;
  RequestBuilder builder(webhook);
  const SignedHeaders during = builder.Build(Delivery(), kNow);
  EXPECT_EQ(ToHex(during.signature), Hex("whsec_b2xk"));
  EXPECT_NE(during.standard_signature.find(" v1,"), std::string::npos);
  const SignedHeaders after = builder.Build(Delivery(), kNow + Milliseconds(1'000));
  EXPECT_EQ(ToHex(after.signature), Hex("whsec_bmV3"));
  EXPECT_EQ(after.standard_signature.find(' '), std::string::npos);
  // Newest first: the new secret's signature comes before the old one's.
  EXPECT_EQ(RequestBuilder(webhook).Build(Delivery(), kNow).standard_signature.substr(0, 47), [&] {
    Webhook only_new = webhook;
    only_new.secrets.previous.clear();
    only_new.secrets.overlap_ends_at.reset();
    return RequestBuilder(only_new).Build(Delivery(), kNow).standard_signature;
  }());
}

TEST(RequestBuilder, AddsTheStandardsHeadersTheTestsMarkAndCustomOnes) {
  Webhook webhook = WithSecret("whsec_c2VjcmV0");
  webhook.standard_headers = Switch::kOn;
  webhook.headers = {{"X-Api-Token", "t0ken"}};
  const std::string lines = RequestBuilder(webhook).Build(Delivery(OwedDelivery::Purpose::kTest), kNow).lines;
  EXPECT_NE(lines.find("webhook-id: 0193256e-2f40-7000-8000-000000000001\r\nwebhook-timestamp: 1731493800\r\n"
                       "webhook-signature: v1,"),
            std::string::npos);
  EXPECT_TRUE(lines.ends_with("Bookingshake-Test: true\r\nX-Api-Token: t0ken\r\n"));
}

}  // namespace
}  // namespace shakehook
