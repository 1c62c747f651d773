// The HttpClient over TLS, with certificates made for the test.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/ssl.h>

#include <atomic>
#include <fstream>

#include "net/http_client_fixture.h"
#include "testing/certificates.h"
#include "testing/name_server.h"
#include "testing/raw_receiver.h"
#include "testing/temporary_folder.h"

namespace shakehook {
namespace {

using testing::HasSubstr;
using testing::MatchesRegex;
using testing::StartsWith;
using Peer = RawReceiver::Peer;

void RespondToAll(Peer& peer) {
  while (!peer.ReadRequest().empty()) peer.Send("HTTP/1.1 204 No Content\r\n\r\n");
}

class HttpClientTlsTest : public HttpClientFixture {
 protected:
  HttpClientTlsTest() {
    for (const char* name : {"hooks.example", "a.hooks.example", "a.b.hooks.example", "other.example"}) {
      names_.Set(name, {.addresses = {"127.0.0.1"}});
    }
    StartClient({"127.0.0.0/8"}, WriteFile("ca.pem", authority_.certificate()), names_.address());
  }

  std::string WriteFile(const std::string& name, const std::string& text) {
    std::ofstream(folder_.File(name)) << text;
    return folder_.File(name);
  }

  // Makes one exchange with a receiver that shows `identity`, under the name `host`.
  Exchange PostTo(const TlsIdentity& identity, const std::string& host) {
    RawReceiver receiver(RespondToAll, identity);
    return Post("https://" + host + ":" + std::to_string(receiver.port()) + "/hook");
  }

  void ExpectTlsFailure(const Exchange& exchange, const std::string& message) {
    EXPECT_FALSE(exchange.response.has_value());
    EXPECT_EQ(exchange.failure, TransportFailure::kTls);
    EXPECT_THAT(exchange.message, MatchesRegex(message));
  }

  const CertificateAuthority authority_{"Test Authority"};
  TemporaryFolder folder_;
  NameServer names_;
};

TEST_F(HttpClientTlsTest, DeliversToATrustedCertificate) {
  RawReceiver receiver(RespondToAll, authority_.Issue({.names = {"hooks.example"}}));
  const std::string url = "https://hooks.example:" + std::to_string(receiver.port()) + "/hook";
  const Exchange first = Post(url, kPatience, "{\"a\":1}");
  ASSERT_TRUE(first.response.has_value()) << first.message;
  EXPECT_EQ(first.response->status, 204);
  EXPECT_TRUE(first.timings.dns.has_value());
  EXPECT_TRUE(first.timings.connect.has_value());
  EXPECT_TRUE(first.timings.tls.has_value());
  EXPECT_THAT(receiver.requests()[0], "POST /hook HTTP/1.1\r\nHost: hooks.example:" + std::to_string(receiver.port()) +
                                          "\r\nContent-Type: application/json\r\nContent-Length: 7\r\n\r\n{\"a\":1}");
  const Exchange second = Post(url);
  ASSERT_TRUE(second.response.has_value()) << second.message;
  EXPECT_FALSE(second.timings.tls.has_value());
  EXPECT_EQ(receiver.connections(), 1);
}

TEST_F(HttpClientTlsTest, SendsLargeBodies) {
  RawReceiver receiver(RespondToAll, authority_.Issue({.names = {"127.0.0.1"}}));
  const std::string body(64 * 1024, 'x');
  for (int i = 0; i < 3; ++i) {
    EXPECT_TRUE(Post(Local(receiver.port(), "/", "https"), kPatience, body).response.has_value());
  }
  EXPECT_THAT(receiver.requests().back(), testing::EndsWith(body));
}

TEST_F(HttpClientTlsTest, VerifiesNamesAndAddresses) {
  EXPECT_TRUE(PostTo(authority_.Issue({.names = {"127.0.0.1"}}), "127.0.0.1").response.has_value());
  EXPECT_TRUE(
      PostTo(authority_.Issue({.names = {"x.example", "hooks.example"}}), "hooks.example").response.has_value());
  EXPECT_TRUE(PostTo(authority_.Issue({.names = {"*.hooks.example"}}), "a.hooks.example").response.has_value());

  ExpectTlsFailure(PostTo(authority_.Issue({.names = {"other.example"}}), "hooks.example"),
                   "The certificate is for other.example, not for hooks.example.");
  ExpectTlsFailure(
      PostTo(authority_.Issue({.names = {"a.example", "b.example", "c.example", "d.example"}}), "hooks.example"),
      "The certificate is for a.example, b.example, c.example and 1 more, not for hooks.example.");
  ExpectTlsFailure(PostTo(authority_.Issue({.names = {"hooks.example"}}), "127.0.0.1"),
                   "The certificate is for hooks.example, not for 127.0.0.1.");
  ExpectTlsFailure(PostTo(authority_.Issue({.names = {"127.0.0.2"}}), "127.0.0.1"),
                   "The certificate is for 127.0.0.2, not for 127.0.0.1.");
  ExpectTlsFailure(PostTo(authority_.Issue({.names = {"*.hooks.example"}}), "a.b.hooks.example"),
                   "The certificate is for .*, not for a.b.hooks.example.");
  ExpectTlsFailure(PostTo(authority_.Issue({.names = {"h*.example"}}), "hooks.example"),
                   "The certificate is for h\\*.example, not for hooks.example.");
}

TEST_F(HttpClientTlsTest, SaysWhyACertificateIsNotAccepted) {
  ExpectTlsFailure(PostTo(authority_.Issue({.names = {"hooks.example"}, .valid_from_days = -9, .valid_to_days = -3}),
                          "hooks.example"),
                   "The certificate expired on 20..-..-...");
  ExpectTlsFailure(
      PostTo(authority_.Issue({.names = {"hooks.example"}, .valid_from_days = 3, .valid_to_days = 9}), "hooks.example"),
      "The certificate is not valid before 20..-..-...");
  ExpectTlsFailure(PostTo(CertificateAuthority::IssueSelfSigned({.names = {"hooks.example"}}), "hooks.example"),
                   "The certificate is self-signed: no authority vouches for it.");
  ExpectTlsFailure(PostTo(CertificateAuthority("Stranger").Issue({.names = {"hooks.example"}}), "hooks.example"),
                   "The certificate's issuer .Stranger. is not trusted here, .*");
}

TEST_F(HttpClientTlsTest, TrustsTheCertificateThatTheOperatorNames) {
  const TlsIdentity identity = CertificateAuthority::IssueSelfSigned({.names = {"127.0.0.1"}});
  StopClient();
  loop_.context().restart();
  StartClient({"127.0.0.0/8"}, WriteFile("own.pem", identity.certificate));
  EXPECT_TRUE(PostTo(identity, "127.0.0.1").response.has_value());
}

TEST_F(HttpClientTlsTest, ResumesTheSessionOfTheSameHost) {
  std::vector<bool> resumed;
  RawReceiver receiver(
      [&](Peer& peer) {
        resumed.push_back(peer.resumed());
        peer.ReadRequest();
        peer.Send("HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n");
        peer.WaitForClose();
      },
      authority_.Issue({.names = {"hooks.example", "other.example"}}));
  const std::string port = std::to_string(receiver.port());
  for (const char* host : {"hooks.example", "hooks.example", "other.example"}) {
    const Exchange exchange = Post("https://" + std::string(host) + ":" + port + "/");
    EXPECT_TRUE(exchange.response.has_value()) << exchange.message;
  }
  EXPECT_THAT(resumed, testing::ElementsAre(false, true, false));
}

TEST_F(HttpClientTlsTest, RedialsAReusedConnectionThatWasClosed) {
  RawReceiver receiver(
      [](Peer& peer) {
        peer.ReadRequest();
        peer.Send("HTTP/1.1 204 No Content\r\n\r\n");
        if (!peer.ReadRequest().empty() && peer.number() > 0) peer.Send("HTTP/1.1 204 No Content\r\n\r\n");
      },
      authority_.Issue({.names = {"127.0.0.1"}}));
  EXPECT_TRUE(Post(Local(receiver.port(), "/", "https")).response.has_value());
  EXPECT_TRUE(Post(Local(receiver.port(), "/", "https")).response.has_value());
  EXPECT_EQ(receiver.connections(), 2);
}

TEST_F(HttpClientTlsTest, KeepsTheVerdictWhenTheBodyBreaksOff) {
  RawReceiver receiver(
      [](Peer& peer) {
        peer.ReadRequest();
        peer.Send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf");
      },
      authority_.Issue({.names = {"127.0.0.1"}}));
  const Exchange exchange = Post(Local(receiver.port(), "/", "https"));
  ASSERT_TRUE(exchange.response.has_value()) << exchange.message;
  EXPECT_EQ(exchange.response->body, "half");
  EXPECT_TRUE(exchange.response->truncated);
}

TEST_F(HttpClientTlsTest, HasADeadlineForTheAnswer) {
  RawReceiver receiver([](Peer& peer) { peer.WaitForClose(); }, authority_.Issue({.names = {"127.0.0.1"}}));
  const Exchange exchange = Post(Local(receiver.port(), "/", "https"), Milliseconds(200));
  EXPECT_EQ(exchange.failure, TransportFailure::kTimeout);
  EXPECT_THAT(exchange.message, StartsWith("No response came within"));
}

TEST_F(HttpClientTlsTest, TrustsWhatSslCertFileNames) {
  StopClient();
  loop_.context().restart();
  setenv("SSL_CERT_FILE", folder_.File("ca.pem").c_str(), 1);
  StartClient({"127.0.0.0/8"});
  unsetenv("SSL_CERT_FILE");
  EXPECT_TRUE(PostTo(authority_.Issue({.names = {"127.0.0.1"}}), "127.0.0.1").response.has_value());
}

TEST_F(HttpClientTlsTest, LeavesAnIdleConnectionOnWhichBytesCame) {
  std::promise<void> sent;
  RawReceiver receiver(
      [&](Peer& peer) {
        peer.ReadRequest();
        peer.Send("HTTP/1.1 204 No Content\r\n\r\n");
        if (peer.number() == 0) {
          peer.Pause(Milliseconds(50));
          peer.Send("HTTP/1.1 500 Injected\r\nContent-Length: 0\r\n\r\n");
          sent.set_value();
        }
        peer.ReadRequest();
      },
      authority_.Issue({.names = {"127.0.0.1"}}));
  EXPECT_EQ(Post(Local(receiver.port(), "/", "https")).response.value().status, 204);
  sent.get_future().wait();
  EXPECT_EQ(Post(Local(receiver.port(), "/", "https")).response.value().status, 204);
  EXPECT_EQ(receiver.connections(), 2);
}

TEST(TlsTrust, NamesTheFileThatItCannotRead) {
  const auto missing = TlsTrust::Load("/nonexistent/ca.pem");
  ASSERT_FALSE(missing.has_value());
  EXPECT_THAT(missing.error(), HasSubstr("/nonexistent/ca.pem"));
  const TemporaryFolder folder;
  std::ofstream(folder.File("empty.pem")) << "no certificate";
  const auto empty = TlsTrust::Load(folder.File("empty.pem"));
  ASSERT_FALSE(empty.has_value());
  EXPECT_THAT(empty.error(), HasSubstr(folder.File("empty.pem")));
}

TEST_F(HttpClientTlsTest, IsNotMadeToShakeHandsAgain) {
  TlsIdentity identity = authority_.Issue({.names = {"hooks.example"}});
  identity.version_max = TLS1_2_VERSION;
  std::atomic<int> agreed = 0;
  RawReceiver receiver(
      [&](Peer& peer) {
        peer.ReadRequest();
        if (peer.Renegotiate()) ++agreed;
        peer.Send("HTTP/1.1 204 No Content\r\n\r\n");
        peer.WaitForClose();
      },
      identity);
  const Exchange exchange = Post("https://hooks.example:" + std::to_string(receiver.port()) + "/", Milliseconds(1000));
  EXPECT_EQ(agreed, 0) << exchange.message;
}

}  // namespace
}  // namespace shakehook
