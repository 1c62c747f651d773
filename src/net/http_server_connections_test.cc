#include <gtest/gtest.h>

#include "net/http_request_head.h"
#include "net/http_server.h"
#include "net/http_server_fixture.h"

namespace shakehook {
namespace {

TEST(HttpServer, BoundsTheConnections) {
  HttpServer::Options options;
  options.limits.connections_max = 2;
  const auto wait = [](Loop& loop, HttpRequest) -> Async<HttpResponse> {
    co_await SleepUntil(loop, loop.clock().Steady() + Milliseconds(1'000));
    co_return HttpResponse{.status = 204};
  };
  const std::string request = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
  HttpService service(options, wait);
  std::optional<RawClient> first(std::in_place, service, request);
  RawClient second(service, request);
  RawClient third(service);
  EXPECT_EQ(Refusal(third.Receive()), "503 The server has too many connections.");
  EXPECT_EQ(service.server->connections(), 2u);
  first.reset();
  service.Advance(Milliseconds(2'000));
  RawClient fourth(service, request);
  service.Advance(Milliseconds(2'000));
  EXPECT_TRUE(fourth.Receive().starts_with("HTTP/1.1 204"));
}

TEST(HttpServer, WhenFullTheConnectionThatIsIdleLongestMakesPlace) {
  HttpServer::Options options;
  options.limits.connections_max = 3;
  HttpService service(options);
  const std::string request = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
  RawClient dripping(service, "GET / HT");
  service.Advance(Milliseconds(10'000));
  RawClient idle(service);
  service.Advance(Milliseconds(10'000));
  RawClient used(service, request);
  EXPECT_TRUE(used.Receive().starts_with("HTTP/1.1 200 OK"));
  service.Advance(Milliseconds(1));
  EXPECT_EQ(RawClient(service, request).Receive().substr(0, 15), "HTTP/1.1 200 OK");
  dripping.Receive();
  EXPECT_TRUE(dripping.closed());
  idle.Receive();
  EXPECT_FALSE(idle.closed());
  used.Receive();
  EXPECT_FALSE(used.closed());
}

TEST(HttpServer, ServesManyConnectionsAtOnce) {
  HttpService service;
  std::vector<std::unique_ptr<RawClient>> clients;
  for (int i = 0; i < 300; ++i) clients.push_back(std::make_unique<RawClient>(service));
  EXPECT_EQ(service.server->connections(), 300u);
  for (int round = 0; round < 2; ++round) {
    for (auto& client : clients) client->Send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    for (auto& client : clients) EXPECT_EQ(client->Receive(Ok("GET /").size()), Ok("GET /"));
  }
  clients.clear();
  service.Turn();
  EXPECT_EQ(service.server->connections(), 0u);
}

// While the loop has much to do, a turn for each would be long for the last one.
TEST(HttpServer, AcceptsThoseThatWaitInOneTurn) {
  HttpService service;
  asio::io_context clients;
  std::vector<asio::ip::tcp::socket> sockets;
  for (int i = 0; i < 10; ++i) {
    sockets.emplace_back(clients).connect({asio::ip::address_v4::loopback(), service.port});
  }
  service.loop.context().restart();
  for (int handlers = 0; handlers < 4; ++handlers) service.loop.context().poll_one();
  EXPECT_EQ(service.server->connections(), 10u);
}

TEST(HttpServer, AnAddressHasItsShareOfConnections) {
  HttpServer::Options options;
  options.limits.connections_per_address_max = 2;
  HttpService service(options);
  RawClient first(service), second(service);
  EXPECT_EQ(Refusal(RawClient(service).Receive()),
            "503 Your network address has as many open connections as it may have.");
  EXPECT_EQ(service.server->connections(), 2u);
  first.Close();
  service.Advance(Milliseconds(500));
  RawClient next(service, "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_EQ(next.Receive(), Ok("GET /"));
}

TEST(HttpServer, AProxysAddressHasNoShare) {
  HttpServer::Options options;
  options.limits.connections_per_address_max = 2;
  options.is_shared = [](const asio::ip::address& from) { return from.is_loopback(); };
  HttpService service(options);
  std::vector<std::unique_ptr<RawClient>> clients;
  for (int i = 0; i < 20; ++i) {
    clients.push_back(std::make_unique<RawClient>(service, "GET / HTTP/1.1\r\nHost: a\r\n\r\n"));
  }
  for (auto& client : clients) EXPECT_EQ(client->Receive(Ok("GET /").size()), Ok("GET /"));
}

}  // namespace
}  // namespace shakehook
