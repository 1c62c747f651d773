#include <gtest/gtest.h>

#include <filesystem>

#include "net/http_request_head.h"
#include "net/http_server.h"
#include "net/http_server_fixture.h"
#include "testing/temporary_folder.h"

namespace shakehook {
namespace {

// --- Draining ---

TEST(HttpServer, ClosesIdleConnectionsAndTakesNoNewOnesWhileDraining) {
  HttpService service;
  RawClient idle(service);
  RawClient served(service, "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_EQ(served.Receive(), Ok("GET /"));
  service.server->StopAccepting();
  service.Turn();
  EXPECT_TRUE(service.server->draining());
  EXPECT_EQ(service.server->connections(), 0u);
  idle.Receive();
  served.Receive();
  EXPECT_TRUE(idle.closed());
  EXPECT_TRUE(served.closed());
  RawClient late(service, "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_EQ(late.Receive(), "");
}

TEST(HttpServer, AnswersWhatIsUnderWayAndClosesWhileDraining) {
  HttpService service({}, [](Loop& loop, HttpRequest request) -> Async<HttpResponse> {
    co_await SleepUntil(loop, loop.clock().Steady() + Milliseconds(1'000));
    co_return HttpResponse{.body = request.body};
  });
  RawClient handled(service, "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  RawClient half(service, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhel");
  service.server->StopAccepting();
  service.Turn();
  half.Send("lo");
  EXPECT_EQ(service.server->in_flight(), 2u);
  service.Advance(Milliseconds(1'000));
  const auto response = [](std::string_view body) {
    return std::regex_replace(Ok(body, kClose), std::regex("30:00"), "30:01");
  };
  EXPECT_EQ(handled.Receive(), response(""));
  EXPECT_EQ(half.Receive(), response("hello"));
  EXPECT_TRUE(handled.closed());
  EXPECT_TRUE(half.closed());
  EXPECT_EQ(service.server->in_flight(), 0u);
}

TEST(HttpServer, EndsStreamsWhileDraining) {
  StreamingService service;
  RawClient client(service, "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  client.Receive();
  service.server->StopAccepting();
  service.Advance(Milliseconds(1'000));
  EXPECT_EQ(client.Receive(), "0\r\n\r\n");
  EXPECT_TRUE(client.closed());
}

TEST(HttpServer, ClosesWhatIsLeftWhenTold) {
  StreamingService service;
  RawClient client(service, "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  client.Receive();
  service.server->CloseAll();
  client.Receive();
  EXPECT_TRUE(client.closed());
}

// --- Start ---

TEST(HttpServer, NamesThePortThatIsTaken) {
  HttpService service;
  HttpServer::Options options{.port = service.port};
  HttpServer second(options, {&service.loop}, HttpService::Echo);
  EXPECT_EQ(second.Start().error(),
            "cannot listen on 127.0.0.1:" + std::to_string(service.port) + ": Address already in use");
  service.Turn();
}

TEST(HttpServer, NamesTheHostThatItDoesNotKnow) {
  HttpService service;
  HttpServer second({.host = "no.such.host.invalid", .port = 1}, {&service.loop}, HttpService::Echo);
  EXPECT_TRUE(second.Start().error().starts_with("cannot listen on no.such.host.invalid:1: "));
}

TEST(HttpServer, ListensOnANameAndOnIpv6) {
  for (const std::string host : {"localhost", "::1", "0.0.0.0", "::"}) {
    HttpService service({.host = host});
    EXPECT_NE(service.port, 0);
    if (host == "localhost") EXPECT_EQ(service.server->address(), asio::ip::make_address("127.0.0.1"));
    if (host == "::1") continue;
    EXPECT_EQ(RawClient(service, "GET / HTTP/1.1\r\nHost: a\r\n\r\n").Receive(), Ok("GET /"));
  }
}

TEST(HttpServer, ListensOnAUnixSocketWhoseClientsAreOnThisMachine) {
  const TemporaryFolder folder;
  const std::string path = folder.File("api.sock");
  asio::ip::address peer;
  HttpService service({.socket_path = path}, [&peer](Loop&, HttpRequest request) -> Async<HttpResponse> {
    peer = request.peer;
    co_return HttpResponse{.body = "here"};
  });
  EXPECT_EQ(service.port, 0);
  EXPECT_EQ(RawClient(service, path, "GET / HTTP/1.1\r\nHost: a\r\n\r\n").Receive(), Ok("here"));
  EXPECT_EQ(peer, asio::ip::address(asio::ip::address_v4::loopback()));
  HttpServer second({.socket_path = path}, {&service.loop}, HttpService::Echo);
  EXPECT_EQ(second.Start().error(), "cannot listen on unix:" + path + ": another program listens there");
  service.server->StopAccepting();
  EXPECT_FALSE(std::filesystem::exists(path));
}

TEST(HttpServer, SpreadsConnectionsOverItsLoopsInTurn) {
  std::vector<Loop*> used;
  HttpService service(
      {},
      [&used](Loop& loop, HttpRequest) -> Async<HttpResponse> {
        used.push_back(&loop);
        co_return HttpResponse{};
      },
      HttpService::Loops::kTwo);
  for (int i = 0; i < 4; ++i) RawClient(service, "GET / HTTP/1.1\r\nHost: a\r\n\r\n").Receive();
  EXPECT_EQ(used, (std::vector<Loop*>{&service.loop, &service.second, &service.loop, &service.second}));
}

}  // namespace
}  // namespace shakehook
