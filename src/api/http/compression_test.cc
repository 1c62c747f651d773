#include "api/http/compression.h"

#include <gtest/gtest.h>

#include <set>

#include "testing/api/api_test_server.h"

namespace shakehook {
namespace {

HttpRequest Taking(std::string_view codings) { return {.headers = {{"accept-encoding", std::string(codings)}}}; }

TEST(TakesCoding, ReadsTheList) {
  EXPECT_TRUE(TakesCoding(Taking("gzip"), "gzip"));
  EXPECT_TRUE(TakesCoding(Taking("br;q=1.0, GZIP ; q=0.5"), "gzip"));
  EXPECT_FALSE(TakesCoding(Taking("gzip;q=0"), "gzip"));
  EXPECT_FALSE(TakesCoding(Taking("gzip; q=0.000, br"), "gzip"));
  EXPECT_TRUE(TakesCoding(Taking("gzip;q=0.001"), "gzip"));
  EXPECT_FALSE(TakesCoding(Taking("x-gzip, brotli"), "br"));
  EXPECT_FALSE(TakesCoding(Taking("identity"), "gzip"));
  EXPECT_FALSE(TakesCoding(Taking(""), "gzip"));
  EXPECT_FALSE(TakesCoding({}, "gzip"));
}

class CompressedResponses : public ::testing::Test, public ApiTestServer {
 protected:
  CompressedResponses() {
    for (int i = 0; i < 40; ++i) {
      const auto made =
          Call("POST", "/api/venues", R"({"id": "venue-)" + std::to_string(i) + R"(", "name": "A venue"})");
      EXPECT_EQ(made.status, 201);
    }
  }

  Response GetTaking(std::string_view path, std::string_view codings) {
    auto response = Begin("GET", path, {}, {{"accept-encoding", std::string(codings)}});
    while (!*response) Step();
    return Take(*response);
  }
};

TEST_F(CompressedResponses, AreForWhoeverTakesThem) {
  const auto plain = Call("GET", "/api/venues");
  EXPECT_EQ(plain.Header("Content-Encoding"), "");
  EXPECT_EQ(plain.Header("Vary"), "Accept-Encoding");
  const auto compressed = GetTaking("/api/venues", "gzip, br");
  EXPECT_EQ(compressed.status, 200);
  EXPECT_EQ(compressed.Header("Content-Encoding"), "gzip");
  EXPECT_EQ(compressed.Header("Vary"), "Accept-Encoding");
  EXPECT_LT(compressed.body.size(), plain.body.size() / 4);
  EXPECT_EQ(compressed.body.substr(0, 2), "\x1f\x8b");
}

TEST_F(CompressedResponses, DoNotTellTheirLength) {
  std::set<std::size_t> lengths;
  for (int i = 0; i < 8; ++i) lengths.insert(GetTaking("/api/venues", "gzip").body.size());
  EXPECT_GT(lengths.size(), 4U);
}

TEST_F(CompressedResponses, AreNotSmallOnesNorRefusals) {
  EXPECT_EQ(GetTaking("/api/venues/venue-1", "gzip").Header("Content-Encoding"), "");
  EXPECT_EQ(GetTaking("/api/venues/venue-99", "gzip").Header("Content-Encoding"), "");
}

TEST_F(CompressedResponses, AreNotThoseOfChanges) {
  std::string batch = "[";
  for (int i = 0; i < 100; ++i) batch += std::string(i == 0 ? "" : ",") + R"({"id": "c)" + std::to_string(i) + R"("})";
  const auto response = Call("POST", "/api/venues/venue-1/contacts/batch", batch + "]", {{"accept-encoding", "gzip"}});
  EXPECT_EQ(response.status, 200);
  EXPECT_GT(response.body.size(), ResponseCompressor::kBytesMin);
  EXPECT_EQ(response.Header("Content-Encoding"), "");
}

TEST_F(CompressedResponses, WeakenTheirEntityTag) {
  const auto made = Call("POST", "/api/venues/venue-1/contacts",
                         R"({"id": "long", "address_line_1": ")" + std::string(1000, 'a') + R"("})");
  ASSERT_EQ(made.status, 201);
  const auto plain = Call("GET", "/api/venues/venue-1/contacts/long");
  const auto compressed = GetTaking("/api/venues/venue-1/contacts/long", "gzip");
  EXPECT_EQ(compressed.Header("Content-Encoding"), "gzip");
  EXPECT_EQ(compressed.Header("ETag"), "W/" + plain.Header("ETag"));
}

}  // namespace
}  // namespace shakehook
