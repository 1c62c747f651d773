// The ProxyDialer and chosen source addresses, through the HttpClient that uses them.
#include "net/proxy_dialer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "net/http_client_fixture.h"
#include "testing/name_server.h"
#include "testing/raw_receiver.h"

namespace shakehook {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;
using Peer = RawReceiver::Peer;

// A proxy that opens what it is asked for, and is the endpoint behind it too.
void OpenAndRespond(Peer& peer) {
  if (peer.ReadRequest().empty()) return;
  peer.Send("HTTP/1.1 200 Connection established\r\nVia: a proxy\r\n\r\n");
  while (!peer.ReadRequest().empty()) peer.Send("HTTP/1.1 204 No Content\r\n\r\n");
}

RawReceiver::Script Refusing(std::string response) {
  return [response](Peer& peer) {
    peer.ReadRequest();
    peer.Send(response);
  };
}

class ProxyDialerTest : public HttpClientFixture {
 protected:
  ProxyDialerTest() {
    names_.Set("hooks.example", {.addresses = {"192.0.2.10"}});
    names_.Set("many.example", {.addresses = {"192.0.2.10", "192.0.2.11", "192.0.2.12", "192.0.2.13"}});
    names_.Set("inside.example", {.addresses = {"10.0.0.1"}});
  }

  void StartBehind(std::uint16_t port, const std::string& credentials = "") {
    egress_.proxy = EgressProxy::Parse("http://" + credentials + "127.0.0.1:" + std::to_string(port)).value();
    StartClient({"192.0.2.0/24", "2001:db8::/32", "127.0.0.0/8"}, "", names_.address());
  }
  Exchange PostBehind(RawReceiver& proxy, Milliseconds timeout = kPatience) {
    StartBehind(proxy.port());
    return Post("http://hooks.example/x", timeout);
  }

  NameServer names_;
};

TEST_F(ProxyDialerTest, TellsTheProxyTheCheckedAddressAndNoName) {
  RawReceiver proxy(OpenAndRespond);
  StartBehind(proxy.port(), "user:secret@");
  const Exchange exchange = Post("http://hooks.example:8080/x?y");
  ASSERT_TRUE(exchange.response.has_value()) << exchange.message;
  EXPECT_EQ(exchange.response->status, 204);
  EXPECT_TRUE(exchange.timings.connect.has_value());
  const auto requests = proxy.requests();
  ASSERT_EQ(requests.size(), 2u);
  EXPECT_EQ(requests[0],
            "CONNECT 192.0.2.10:8080 HTTP/1.1\r\nHost: 192.0.2.10:8080\r\n"
            "Proxy-Authorization: Basic dXNlcjpzZWNyZXQ=\r\n\r\n");
  EXPECT_THAT(requests[1], StartsWith("POST /x?y HTTP/1.1\r\nHost: hooks.example:8080\r\n"));
  EXPECT_THAT(requests[1], Not(HasSubstr("Proxy-Authorization")));
  // The connection is kept.
  EXPECT_TRUE(Post("http://hooks.example:8080/x").response.has_value());
  EXPECT_EQ(proxy.connections(), 1);
}

TEST_F(ProxyDialerTest, WritesIpv6AddressesInBrackets) {
  RawReceiver proxy(OpenAndRespond);
  StartBehind(proxy.port());
  EXPECT_TRUE(Post("http://[2001:db8::5]/x").response.has_value());
  EXPECT_THAT(proxy.requests()[0], StartsWith("CONNECT [2001:db8::5]:80 HTTP/1.1\r\n"));
}

TEST_F(ProxyDialerTest, AsksForNoForbiddenAddress) {
  RawReceiver proxy(OpenAndRespond);
  StartBehind(proxy.port());
  for (const std::string host : {"inside.example", "10.0.0.1", "169.254.169.254", "[fe80::1]"}) {
    EXPECT_EQ(Post("http://" + host + "/").failure, TransportFailure::kForbiddenAddress) << host;
  }
  EXPECT_EQ(proxy.connections(), 0);
}

TEST_F(ProxyDialerTest, ReachesThisMachineItself) {
  RawReceiver proxy(OpenAndRespond);
  RawReceiver receiver([](Peer& peer) {
    while (!peer.ReadRequest().empty()) peer.Send("HTTP/1.1 204 No Content\r\n\r\n");
  });
  StartBehind(proxy.port());
  EXPECT_TRUE(Post(Local(receiver.port())).response.has_value());
  EXPECT_EQ(proxy.connections(), 0);
}

TEST_F(ProxyDialerTest, AsksForOtherAddressesWhereOneIsNotReached) {
  RawReceiver proxy([](Peer& peer) {
    const std::string request = peer.ReadRequest();
    if (peer.number() < 2) {
      peer.Send("HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n");
      return;
    }
    peer.Send("HTTP/1.0 200 OK\r\n\r\n");
    while (!peer.ReadRequest().empty()) peer.Send("HTTP/1.1 204 No Content\r\n\r\n");
  });
  StartBehind(proxy.port());
  const Exchange exchange = Post("http://many.example/");
  EXPECT_TRUE(exchange.response.has_value()) << exchange.message;
  std::vector<std::string> asked;
  for (const std::string& request : proxy.requests()) asked.push_back(request.substr(0, request.find('\r')));
  asked.pop_back();
  std::ranges::sort(asked);
  EXPECT_EQ(std::ranges::unique(asked).size(), 0u);
  EXPECT_EQ(asked.size(), 3u);
}

// --- Whose fault it is ---

TEST_F(ProxyDialerTest, AnEndpointThatTheProxyDoesNotReachHasFailed) {
  RawReceiver proxy(Refusing("HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n"));
  const Exchange exchange = PostBehind(proxy);
  EXPECT_EQ(exchange.failure, TransportFailure::kUnreachable);
  EXPECT_EQ(exchange.own_fault, std::nullopt);
  EXPECT_EQ(exchange.message, "The host cannot be reached by the sending server's proxy (502).");
}

TEST_F(ProxyDialerTest, AProxyThatRefusesIsAnOwnFault) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"HTTP/1.1 407 Proxy Authentication Required\r\n\r\n", "wants other credentials (407)"},
      {"HTTP/1.0 401 Unauthorized\r\n\r\n", "wants other credentials (401)"},
      {"HTTP/1.1 403 Forbidden\r\n\r\n", "refuses to connect (403)"},
      {"HTTP/1.1 302 Found\r\nLocation: http://10.0.0.1/\r\n\r\n", "refuses to connect (302)"},
      {"SSH-2.0-OpenSSH_9.2\r\n\r\n", "does not respond as a proxy does"},
      {"HTTP/1.1 200 OK\r\n", "does not respond as a proxy does"},
      {"HTTP/1.1 200 OK\r\nX: " + std::string(20'000, 'x'), "does not respond as a proxy does"},
      {"", "closes the connection"},
  };
  RawReceiver proxy([&cases](Peer& peer) {
    peer.ReadRequest();
    peer.Send(cases[static_cast<std::size_t>(peer.number())].first);
  });
  StartBehind(proxy.port());
  for (const auto& [response, reason] : cases) {
    const Exchange exchange = Post("http://hooks.example/x");
    EXPECT_EQ(exchange.own_fault, OwnFault::kProxy) << response.substr(0, 40);
    EXPECT_EQ(exchange.message, "The sending server's proxy " + reason + "; the endpoint was not asked.");
  }
}

TEST_F(ProxyDialerTest, AProxyThatIsGoneIsAnOwnFault) {
  std::uint16_t port = 0;
  {
    RawReceiver gone(OpenAndRespond);
    port = gone.port();
  }
  StartBehind(port);
  const Exchange exchange = Post("http://hooks.example/");
  EXPECT_EQ(exchange.own_fault, OwnFault::kProxy);
  EXPECT_EQ(exchange.message, "The sending server's proxy cannot be reached; the endpoint was not asked.");
}

TEST_F(ProxyDialerTest, AProxyWithoutAnAddressIsAnOwnFault) {
  egress_.proxy = EgressProxy{.host = "no-such-proxy.example", .port = 3128};
  StartClient({"192.0.2.0/24"}, "", names_.address());
  const Exchange exchange = Post("http://hooks.example/");
  EXPECT_EQ(exchange.own_fault, OwnFault::kProxy);
  EXPECT_EQ(exchange.message, "The name of the sending server's proxy is not found; the endpoint was not asked.");
}

TEST_F(ProxyDialerTest, AProxyThatHangsIsAnOwnFault) {
  RawReceiver proxy([](Peer& peer) {
    peer.ReadRequest();
    peer.WaitForClose();
  });
  const Exchange exchange = PostBehind(proxy, Milliseconds(1'500));
  EXPECT_EQ(exchange.own_fault, OwnFault::kProxy);
  EXPECT_EQ(exchange.message, "The sending server's proxy does not answer; the endpoint was not asked.");
}

TEST_F(ProxyDialerTest, AHostThatDoesNotReactBehindAProxyThatAnswersTakesTooLong) {
  RawReceiver proxy([](Peer& peer) {
    const std::string request = peer.ReadRequest();
    if (request.starts_with("CONNECT")) return peer.WaitForClose();
    peer.Send("HTTP/1.1 405 Method Not Allowed\r\n\r\n");
  });
  const Exchange exchange = PostBehind(proxy, Milliseconds(1'500));
  EXPECT_EQ(exchange.failure, TransportFailure::kTimeout);
  EXPECT_EQ(exchange.own_fault, std::nullopt);
  EXPECT_EQ(exchange.message, "The host did not accept a connection within 1.5 s.");
  const auto requests = proxy.requests();
  ASSERT_EQ(requests.size(), 2u);
  EXPECT_THAT(requests[1], StartsWith("OPTIONS * HTTP/1.1\r\n"));
  EXPECT_THAT(requests[1], HasSubstr("\r\nMax-Forwards: 0\r\n"));
}

TEST_F(ProxyDialerTest, AProxyThatClosesWhatItDoesNotKnowDoesNotHang) {
  RawReceiver proxy([](Peer& peer) {
    if (peer.ReadRequest().starts_with("CONNECT")) peer.WaitForClose();
  });
  EXPECT_EQ(PostBehind(proxy, Milliseconds(1'500)).own_fault, std::nullopt);
}

TEST_F(ProxyDialerTest, TakesNoBytesThatNobodyAskedFor) {
  RawReceiver proxy(Refusing("HTTP/1.1 200 OK\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n"));
  const Exchange exchange = PostBehind(proxy);
  EXPECT_EQ(exchange.failure, TransportFailure::kInvalidResponse);
  EXPECT_FALSE(exchange.response.has_value());
}

// --- Source addresses ---

TEST_F(ProxyDialerTest, ConnectsFromTheChosenAddress) {
  ASSERT_TRUE(egress_.sources.Add("127.0.0.2"));
  RawReceiver receiver([](Peer& peer) {
    while (!peer.ReadRequest().empty()) peer.Send("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n" + peer.address());
  });
  const Exchange exchange = Post(Local(receiver.port()));
  ASSERT_TRUE(exchange.response.has_value()) << exchange.message;
  EXPECT_EQ(exchange.response->body, "127.0.0.2");
}

TEST_F(ProxyDialerTest, AnAddressThatTheMachineHasLostIsAnOwnFault) {
  ASSERT_TRUE(egress_.sources.Add("192.0.2.77"));
  RawReceiver receiver(OpenAndRespond);
  EXPECT_EQ(Post(Local(receiver.port())).own_fault, OwnFault::kSource);
  EXPECT_EQ(receiver.connections(), 0);
}

TEST_F(ProxyDialerTest, DoesNotConnectByTheFamilyThatHasNoAddress) {
  ASSERT_TRUE(egress_.sources.Add("::1"));
  RawReceiver receiver(OpenAndRespond);
  const Exchange exchange = Post(Local(receiver.port()));
  EXPECT_EQ(exchange.failure, TransportFailure::kUnreachable);
  EXPECT_EQ(exchange.own_fault, std::nullopt);
  EXPECT_EQ(receiver.connections(), 0);
}

}  // namespace
}  // namespace shakehook
