// HttpServer with a certificate, to clients of OpenSSL.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "net/http_server.h"
#include "net/tls_client_fixture.h"

namespace shakehook {
namespace {

using testing::HasSubstr;

constexpr std::string_view kGet = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

class HttpServerTls : public testing::Test {
 protected:
  HttpServer::Options Options() const { return {.certificate = files_.Load()}; }

  const CertificateAuthority authority_{"Test Authority"};
  const CertificateFiles files_{authority_.Issue({.names = {"first.example"}})};
  const CertificateFiles others_{authority_.Issue({.names = {"second.example"}})};
};

TEST_F(HttpServerTls, AnswersByBothVersionsAndKeepsTheConnection) {
  for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    HttpService service(Options());
    TlsClient client(service, {.version_max = version});
    ASSERT_TRUE(client.Handshake());
    EXPECT_EQ(SSL_version(client.ssl()), version);
    EXPECT_EQ(client.Ask(kGet), Ok("GET /"));
    EXPECT_EQ(client.Ask("POST /x?y HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello"), Ok("POST /x?y <hello>"));
    EXPECT_EQ(client.Ask(std::string(kGet) + std::string(kGet)), Ok("GET /") + Ok("GET /"));
    EXPECT_EQ(client.Ask("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"), Ok("GET /", kClose));
    EXPECT_TRUE(client.told_end());
    EXPECT_TRUE(client.raw.closed());
  }
}

TEST_F(HttpServerTls, TellsTheHandlerThatTheRequestCameByTls) {
  std::vector<Channel> channels;
  const auto handler = [&channels](Loop&, HttpRequest request) -> Async<HttpResponse> {
    channels.push_back(request.channel);
    co_return HttpResponse{};
  };
  {
    HttpService service(Options(), handler);
    TlsClient client(service);
    ASSERT_TRUE(client.Handshake());
    client.Ask(kGet);
  }
  HttpService clear({}, handler);
  RawClient(clear, kGet).Receive();
  EXPECT_EQ(channels, (std::vector{Channel::kTls, Channel::kClear}));
}

TEST_F(HttpServerTls, CarriesLargeBodiesBothWays) {
  HttpService service(Options());
  TlsClient client(service);
  ASSERT_TRUE(client.Handshake());
  const std::string body(900'000, 'b');
  client.Send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 900000\r\n\r\n" + body);
  std::string response;
  for (int i = 0; i < 200 && response.size() < body.size(); ++i) response += client.Receive();
  EXPECT_EQ(response, Ok("POST / <" + body + ">"));
}

TEST_F(HttpServerTls, TakesBytesAsTheyCome) {
  HttpService service(Options());
  TlsClient client(service);
  ASSERT_TRUE(client.Handshake());
  client.raw.Drip(client.Encrypt(kGet));
  EXPECT_EQ(client.Receive(), Ok("GET /"));
}

TEST_F(HttpServerTls, RefusesVersionsThatAreNotSafe) {
  HttpService service(Options());
  TlsClient client(service, {.version_max = TLS1_1_VERSION});
  SSL_set_min_proto_version(client.ssl(), TLS1_VERSION);
  SSL_set_security_level(client.ssl(), 0);
  EXPECT_FALSE(client.Handshake());
}

TEST_F(HttpServerTls, SpeaksHttp11Alone) {
  HttpService service(Options());
  TlsClient both(service, {.protocols = "\x02h2\x08http/1.1"});
  EXPECT_TRUE(both.Handshake());
  const unsigned char* chosen = nullptr;
  unsigned bytes = 0;
  SSL_get0_alpn_selected(both.ssl(), &chosen, &bytes);
  EXPECT_EQ(std::string(reinterpret_cast<const char*>(chosen), bytes), "http/1.1");
  EXPECT_FALSE(TlsClient(service, {.protocols = "\x02h2"}).Handshake());
}

TEST_F(HttpServerTls, DoesNotRenegotiate) {
  HttpService service(Options());
  TlsClient client(service, {.version_max = TLS1_2_VERSION});
  ASSERT_TRUE(client.Handshake());
  EXPECT_EQ(client.Ask(kGet), Ok("GET /"));
  SSL_renegotiate(client.ssl());
  EXPECT_FALSE(client.Handshake());
}

TEST_F(HttpServerTls, GivesNoSessionsToResume) {
  HttpService service(Options());
  for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    TlsClient client(service, {.version_max = version});
    ASSERT_TRUE(client.Handshake());
    EXPECT_EQ(client.Ask(kGet), Ok("GET /"));
    EXPECT_EQ(SSL_SESSION_is_resumable(SSL_get_session(client.ssl())), 0) << version;
  }
}

TEST_F(HttpServerTls, TellsAClientThatForgotTls) {
  HttpService service(Options());
  EXPECT_EQ(Refusal(RawClient(service, kGet).Receive()),
            "400 This port speaks HTTPS: the URL must begin with https://.");
}

TEST_F(HttpServerTls, EndsWhatIsNoHandshake) {
  HttpService service(Options());
  RawClient nonsense(service, std::string(200, '\x00'));
  nonsense.Receive();
  RawClient mail(service, "EHLO there\r\n");
  mail.Receive();
  service.Advance(Milliseconds(6'000));
  EXPECT_EQ(service.server->connections(), 0u);
}

// --- Limits ---

TEST_F(HttpServerTls, GivesAHandshakeTenSeconds) {
  HttpService service(Options());
  RawClient silent(service), partial(service, std::string("\x16\x03\x01\x02\x00\x01", 6));
  service.Advance(Milliseconds(9'000));
  EXPECT_EQ(service.server->connections(), 2u);
  service.Advance(Milliseconds(1'500));
  EXPECT_EQ(service.server->connections(), 0u);
  silent.Receive();
  EXPECT_TRUE(silent.closed());
}

TEST_F(HttpServerTls, ASilentClientGivesWayToANewOne) {
  HttpServer::Options options = Options();
  options.limits.connections_max = 1;
  HttpService service(options);
  RawClient silent(service);
  service.Advance(Milliseconds(100));
  TlsClient client(service);
  ASSERT_TRUE(client.Handshake());
  EXPECT_EQ(client.Ask(kGet), Ok("GET /"));
}

TEST_F(HttpServerTls, TellsOfTooManyConnectionsByTls) {
  HttpServer::Options options = Options();
  options.limits.connections_per_address_max = 1;
  HttpService service(options);
  TlsClient first(service);
  ASSERT_TRUE(first.Handshake());
  TlsClient second(service);
  ASSERT_TRUE(second.Handshake());
  EXPECT_EQ(Refusal(second.Receive()), "503 Your network address has as many open connections as it may have.");
}

TEST_F(HttpServerTls, CountsTheMemoryOfHandshakesAndOfPartsOfRecords) {
  HttpServer::Options options = Options();
  options.limits.held_bytes_max = 100'000;
  HttpService service(options);
  const std::string start("\x16\x03\x01\x02\x00\x01", 6);
  std::vector<std::unique_ptr<RawClient>> partial;
  for (int i = 0; i < 3; ++i) partial.push_back(std::make_unique<RawClient>(service, start));
  RawClient fourth(service, start);
  fourth.Receive();
  EXPECT_TRUE(fourth.closed());
  // After a second the first ones count as slow, and go.
  service.Advance(Milliseconds(1'500));
  TlsClient client(service);
  ASSERT_TRUE(client.Handshake());
  EXPECT_THAT(client.Ask(kGet), HasSubstr("GET /"));

  const std::string request = client.Encrypt(kGet);
  client.raw.Send(request.substr(0, request.size() - 1));
  client.raw.Receive();
  service.Advance(Milliseconds(29'000));
  EXPECT_FALSE(client.raw.closed());
  service.Advance(Milliseconds(2'000));
  EXPECT_THAT(client.Receive(), HasSubstr("408"));
}

// --- Certificates that change ---

TEST_F(HttpServerTls, ShowsANewCertificateToNewConnectionsAlone) {
  HttpService service(Options());
  TlsClient old(service), half(service);
  ASSERT_TRUE(old.Handshake());
  EXPECT_EQ(old.CommonName(), "first.example");
  service.server->UseCertificate(others_.Load());
  service.Turn();
  TlsClient fresh(service);
  ASSERT_TRUE(fresh.Handshake());
  EXPECT_EQ(fresh.CommonName(), "second.example");
  EXPECT_EQ(fresh.Ask(kGet), Ok("GET /"));
  EXPECT_EQ(old.Ask(kGet), Ok("GET /"));
}

// --- Ends ---

TEST_F(HttpServerTls, StreamsUntilTheClientGoes) {
  HttpServer::Options options = Options();
  int pieces = 0;
  HttpService service(options, [&](Loop& loop, HttpRequest) -> Async<HttpResponse> {
    HttpResponse response;
    response.stream = [&pieces, &loop]() -> Async<std::optional<std::string>> {
      co_await SleepUntil(loop, loop.clock().Steady() + Milliseconds(1'000));
      ++pieces;
      co_return "tick";
    };
    co_return response;
  });
  {
    TlsClient client(service);
    ASSERT_TRUE(client.Handshake());
    EXPECT_THAT(client.Ask(kGet), HasSubstr("chunked"));
    service.Advance(Milliseconds(1'000));
    EXPECT_EQ(client.Receive(), "4\r\ntick\r\n");
  }
  service.Advance(Milliseconds(5'000));
  EXPECT_LE(pieces, 2);
  EXPECT_EQ(service.server->connections(), 0u);
}

TEST_F(HttpServerTls, ClosesIdleConnectionsAndHandshakesWhileDraining) {
  HttpService service(Options());
  RawClient silent(service);
  TlsClient idle(service);
  ASSERT_TRUE(idle.Handshake());
  EXPECT_EQ(idle.Ask(kGet), Ok("GET /"));
  service.server->StopAccepting();
  service.Turn();
  idle.Receive();
  EXPECT_TRUE(idle.raw.closed());
  silent.Receive();
  EXPECT_TRUE(silent.closed());
  EXPECT_EQ(service.server->connections(), 0u);
}

}  // namespace
}  // namespace shakehook
