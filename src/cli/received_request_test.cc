#include "cli/received_request.h"

#include <gtest/gtest.h>

#include "base/digest.h"
#include "base/encoding.h"

namespace shakehook {
namespace {

constexpr std::string_view kSecret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

HttpRequest Request(std::string body) {
  return {.method = "POST", .path = "/hook", .headers = {{"idempotency-key", "k1"}}, .body = std::move(body)};
}

TEST(ReceivedRequest, ChecksTheSignatureOfTheRawBody) {
  HttpRequest request = Request("{\"event\":\"contact.created\"}");
  EXPECT_EQ(CheckSignature(request, ""), SignatureVerdict::kNotChecked);
  EXPECT_EQ(CheckSignature(request, kSecret), SignatureVerdict::kMissing);
  request.headers.emplace_back("bookingshake-signature", ToHex(HmacKey(kSecret).Sign(request.body)));
  EXPECT_EQ(CheckSignature(request, kSecret), SignatureVerdict::kValid);
  request.body += " ";
  EXPECT_EQ(CheckSignature(request, kSecret), SignatureVerdict::kInvalid);
}

TEST(ReceivedRequest, IsShownInALineAndItsPayload) {
  const HttpRequest request =
      Request(R"({"event":"contact.created","data":{"id":"c1","tags":[1,2],"none":[],"empty":{}},"n":null})");
  EXPECT_EQ(DescribeReceived(3, request, SignatureVerdict::kValid, 204),
            "#3 contact.created  POST /hook  signature valid  key k1  answered 204\n"
            "  {\n"
            "    \"event\": \"contact.created\",\n"
            "    \"data\": {\n"
            "      \"id\": \"c1\",\n"
            "      \"tags\": [\n"
            "        1,\n"
            "        2\n"
            "      ],\n"
            "      \"none\": [],\n"
            "      \"empty\": {}\n"
            "    },\n"
            "    \"n\": null\n"
            "  }\n");
}

TEST(ReceivedRequest, IsShownInert) {
  HttpRequest request = Request("{\"event\":\"\\u001b]0;x\\u0007\",\"a\":\"\x7f\u009b\u202e\"}");
  request.headers = {{"idempotency-key", "\x9b"}};
  EXPECT_EQ(DescribeReceived(1, request, SignatureVerdict::kNotChecked, 500),
            "#1 \\u001b]0;x\\u0007  POST /hook  signature not checked (no --secret)  key \ufffd  answered 500\n"
            "  {\n"
            "    \"event\": \"\\u001b]0;x\\u0007\",\n"
            "    \"a\": \"\\u007f\\u009b\\u202e\"\n"
            "  }\n");
  EXPECT_EQ(DescribeReceived(1, Request("no json\x1b[2J\nat all"), SignatureVerdict::kMissing, 204),
            "#1 POST /hook  signature MISSING  key k1  answered 204\n  no json\\u001b[2J\n  at all\n");
}

}  // namespace
}  // namespace shakehook
