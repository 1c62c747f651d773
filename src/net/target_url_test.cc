#include "net/target_url.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace shakehook {
namespace {

using testing::HasSubstr;
using Scheme = TargetUrl::Scheme;

TEST(TargetUrl, IsTakenApart) {
  const auto url = ParseTargetUrl("https://API.Example.com/hooks/in?a=1&b=%20x");
  ASSERT_TRUE(url.has_value()) << url.error().text();
  EXPECT_EQ(*url, (TargetUrl{.scheme = Scheme::kHttps,
                             .host = "api.example.com",
                             .port = 443,
                             .target = "/hooks/in?a=1&b=%20x",
                             .host_header = "api.example.com"}));
}

struct Accepted {
  std::string text;
  Scheme scheme;
  std::string host;
  int port;
  std::string target;
  std::string host_header;
};

TEST(TargetUrl, AcceptsPlainSpellings) {
  const Accepted cases[] = {
      {"https://example.com", Scheme::kHttps, "example.com", 443, "/", "example.com"},
      {"HTTPS://example.com/", Scheme::kHttps, "example.com", 443, "/", "example.com"},
      {"https://example.com?x=1", Scheme::kHttps, "example.com", 443, "/?x=1", "example.com"},
      {"https://example.com/?", Scheme::kHttps, "example.com", 443, "/?", "example.com"},
      {"https://example.com:443/a", Scheme::kHttps, "example.com", 443, "/a", "example.com"},
      {"https://example.com:8443/a", Scheme::kHttps, "example.com", 8443, "/a", "example.com:8443"},
      {"https://Example.COM./a", Scheme::kHttps, "example.com", 443, "/a", "example.com"},
      {"http://localhost.:81/a", Scheme::kHttp, "localhost", 81, "/a", "localhost:81"},
      {"http://my_app:3000/a", Scheme::kHttp, "my_app", 3000, "/a", "my_app:3000"},
      {"https://_x_.a_b.example/", Scheme::kHttps, "_x_.a_b.example", 443, "/", "_x_.a_b.example"},
      {"https://example.com:80/a", Scheme::kHttps, "example.com", 80, "/a", "example.com:80"},
      {"http://example.com:80/a", Scheme::kHttp, "example.com", 80, "/a", "example.com"},
      {"http://localhost:3000/hook", Scheme::kHttp, "localhost", 3000, "/hook", "localhost:3000"},
      {"http://127.0.0.1:9/", Scheme::kHttp, "127.0.0.1", 9, "/", "127.0.0.1:9"},
      {"https://[2606:4700::1]/", Scheme::kHttps, "2606:4700::1", 443, "/", "[2606:4700::1]"},
      {"https://[2606:4700:0:0:0:0:0:1]:8443/", Scheme::kHttps, "2606:4700::1", 8443, "/", "[2606:4700::1]:8443"},
      {"https://[::FFFF:127.0.0.1]/", Scheme::kHttps, "::ffff:127.0.0.1", 443, "/", "[::ffff:127.0.0.1]"},
      {"https://xn--bcher-kva.example/", Scheme::kHttps, "xn--bcher-kva.example", 443, "/", "xn--bcher-kva.example"},
      {"https://1.example.com/", Scheme::kHttps, "1.example.com", 443, "/", "1.example.com"},
      {"https://127.0.0.1.evil.com/", Scheme::kHttps, "127.0.0.1.evil.com", 443, "/", "127.0.0.1.evil.com"},
      {"https://0xcafe.example/", Scheme::kHttps, "0xcafe.example", 443, "/", "0xcafe.example"},
      {"https://a.b/x:y@z", Scheme::kHttps, "a.b", 443, "/x:y@z", "a.b"},
      {"https://a.b?u=@:8080/", Scheme::kHttps, "a.b", 443, "/?u=@:8080/", "a.b"},
      {"https://a.b/?filter[a]={1|2}", Scheme::kHttps, "a.b", 443, "/?filter[a]={1|2}", "a.b"},
      {"https://a.b/%0d%0aX:1", Scheme::kHttps, "a.b", 443, "/%0d%0aX:1", "a.b"},
      {"https://a.b:65535/", Scheme::kHttps, "a.b", 65535, "/", "a.b:65535"},
  };
  for (const Accepted& expected : cases) {
    const auto url = ParseTargetUrl(expected.text);
    ASSERT_TRUE(url.has_value()) << expected.text << ": " << url.error().text();
    EXPECT_EQ(*url, (TargetUrl{expected.scheme, expected.host, static_cast<std::uint16_t>(expected.port),
                               expected.target, expected.host_header}))
        << expected.text;
  }
}

struct Refused {
  std::string text;
  std::string reason;
};

void ExpectRefused(std::initializer_list<Refused> cases) {
  for (const Refused& refused : cases) {
    const auto url = ParseTargetUrl(refused.text);
    ASSERT_FALSE(url.has_value()) << refused.text;
    EXPECT_THAT(url.error().text(), HasSubstr(refused.reason)) << refused.text;
  }
}

TEST(TargetUrl, RefusesOtherSchemes) {
  ExpectRefused({{"", "empty"},
                 {"example.com", "https://"},
                 {"//example.com/", "https://"},
                 {"/path", "https://"},
                 {"ftp://example.com/", "https://"},
                 {"file:///etc/passwd", "https://"},
                 {"javascript:alert(1)", "https://"},
                 {"https:/example.com", "https://"},
                 {"https:example.com", "https://"},
                 {"https//example.com", "https://"}});
}

TEST(TargetUrl, RefusesWhatIsReadInTwoWays) {
  ExpectRefused({{"https://user@example.com/", "user name"},
                 {"https://user:secret@example.com/", "user name"},
                 {"https://example.com:80@evil.com/", "user name"},
                 {"https://@example.com/", "user name"},
                 {"https://example.com/#part", "fragment"},
                 {"https://example.com#@evil.com/", "fragment"},
                 {"https://example.com\\@evil.com/", "backslash"},
                 {"https://example.com/a\\b", "backslash"},
                 {" https://example.com/", "white space"},
                 {"https://example.com/ ", "white space"},
                 {"https://exam ple.com/", "white space"},
                 {"https://example.com/\r\nX: 1", "white space"},
                 {"https://example.com/\n", "white space"},
                 {"https://exa\tmple.com/", "white space"},
                 {std::string("https://example.com/\0x", 22), "control"},
                 {"https://example.com/\x7f", "control"},
                 {"https://example.com/<script>", "quotation"},
                 {"https://example.com/%", "two hexadecimal"},
                 {"https://example.com/%2", "two hexadecimal"},
                 {"https://example.com/%zz", "two hexadecimal"},
                 {"https://example.com/caf\xc3\xa9", "percent-encoded"},
                 {"https://b\xc3\xbc"
                  "cher.example/",
                  "punycode"},
                 {"https://example\xe3\x80\x82"
                  "com/",
                  "punycode"}});
}

TEST(TargetUrl, RefusesDoubtfulHosts) {
  ExpectRefused({{"https://", "no host"},
                 {"https:///path", "no host"},
                 {"https://:443/", "no host"},
                 {"https://?x", "no host"},
                 {"https://example.com../", "empty part"},
                 {"https://127.0.0.1./", "end with a dot"},
                 {"https://example./", "end with a dot"},
                 {"https://./", "no host"},
                 {"https://../", "empty part"},
                 {"https://.example.com/", "empty part"},
                 {"https://a..b/", "empty part"},
                 {"https://exa%6dple.com/", "percent-encoding"},
                 {"https://127.0.0.%31/", "percent-encoding"},
                 {"https://example.com%00.evil.com/", "percent-encoding"},
                 {"https://example.com%0d%0a/", "percent-encoding"},
                 {"https://a,b/", "letters, digits"},
                 {"https://a;b/", "letters, digits"},
                 {"https://a*b.com/", "letters, digits"},
                 {"https://-a.com/", "hyphen"},
                 {"https://a-.com/", "hyphen"},
                 {"https://" + std::string(64, 'a') + ".com/", "63"},
                 {"https://" + std::string(250, 'a') + ".com/", "253"},
                 {"https://[::1/", "closing bracket"},
                 {"https://[]/", "not an IPv6"},
                 {"https://[127.0.0.1]/", "not an IPv6"},
                 {"https://[example.com]/", "not an IPv6"},
                 {"https://[fe80::1%eth0]/", "zone"},
                 {"https://[fe80::1%25eth0]/", "zone"},
                 {"https://[v1.x]/", "not an IPv6"},
                 {"https://[::1]x/", "Only a port"},
                 {"https://::1/", "no host"}});
}

TEST(TargetUrl, RefusesNumbersThatAreNoPlainAddress) {
  for (const char* host :
       {"0",     "1",          "127.1",      "127.0.1",     "2130706433",   "0x7f.1",      "0x7f000001",
        "0x",    "0X7F.0.0.1", "0177.0.0.1", "127.0.0.01",  "127.0.0.0x1",  "127.0.0.256", "1.2.3.4.5",
        "1.2.3", "256.1.1.1",  "example.1",  "example.0x1", "017700000001", "4294967296",  "00.0.0.0"}) {
    const auto url = ParseTargetUrl(std::string("https://") + host + "/");
    ASSERT_FALSE(url.has_value()) << host;
    EXPECT_THAT(url.error().text(), HasSubstr("looks like a number")) << host;
  }
}

TEST(TargetUrl, RefusesPortsThatAreNone) {
  for (const char* port : {"", "0", "00", "65536", "65979", "99999", "100000", "4294967739", "-1", "+1", "8o", "0443",
                           "80:80", "1e3", "0x50", "18446744073709551617"}) {
    const auto url = ParseTargetUrl(std::string("https://example.com:") + port + "/");
    ASSERT_FALSE(url.has_value()) << port;
    EXPECT_THAT(url.error().text(), HasSubstr("port must be a number")) << port;
  }
}

TEST(TargetUrl, HasALargestLength) {
  const std::string start = "https://example.com/";
  EXPECT_TRUE(ParseTargetUrl(start + std::string(kUrlBytesMax - start.size(), 'a')).has_value());
  EXPECT_FALSE(ParseTargetUrl(start + std::string(kUrlBytesMax - start.size() + 1, 'a')).has_value());
}

}  // namespace
}  // namespace shakehook
