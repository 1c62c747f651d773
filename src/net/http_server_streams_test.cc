#include <gtest/gtest.h>

#include "net/http_request_head.h"
#include "net/http_server.h"
#include "net/http_server_fixture.h"

namespace shakehook {
namespace {

TEST(HttpServer, StreamsAnAnswerPieceByPiece) {
  StreamingService service(2);
  RawClient client(service, "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_EQ(client.Receive(), kStreamHead + "Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n");
  service.Advance(Milliseconds(1'000));
  EXPECT_EQ(client.Receive(), kTick);
  service.Advance(Milliseconds(2'000));
  EXPECT_EQ(client.Receive(), kTick + "0\r\n\r\n");
  EXPECT_TRUE(client.closed());
}

TEST(HttpServer, StreamsToAnOldClientUntilItCloses) {
  StreamingService service(1);
  RawClient client(service, "GET / HTTP/1.0\r\n\r\n");
  EXPECT_EQ(client.Receive(), kStreamHead + "Connection: close\r\n\r\n");
  service.Advance(Milliseconds(3'000));
  EXPECT_EQ(client.Receive(), "data: tick\n\n");
  EXPECT_TRUE(client.closed());
}

TEST(HttpServer, AnswersHeadWithoutTheStream) {
  StreamingService service;
  RawClient client(service, "HEAD / HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_EQ(client.Receive(), kStreamHead + "Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n");
  EXPECT_TRUE(client.closed());
}

TEST(HttpServer, StreamsPastTheTimeThatAnswersMayTake) {
  StreamingService service(200);
  RawClient client(service, "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  for (int minute = 0; minute < 3; ++minute) {
    service.Advance(Milliseconds(60'000));
    EXPECT_NE(client.Receive(), "");
    EXPECT_FALSE(client.closed());
  }
}

TEST(HttpServer, EndsAStreamWhoseClientGoesBetweenTwoPieces) {
  StreamingService service;
  RawClient client(service, "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  client.Send("what is sent meanwhile is dropped");
  client.Receive();
  EXPECT_EQ(service.server->connections(), 1u);
  client.Close();
  service.Advance(Milliseconds(1'000));
  EXPECT_EQ(service.server->connections(), 0u);
}

TEST(HttpServer, EndsAStreamThatTheClientDoesNotRead) {
  HttpService service({}, [](Loop&, HttpRequest) -> Async<HttpResponse> {
    HttpResponse response;
    response.stream = []() -> Async<std::optional<std::string>> { co_return std::string(100'000, 's'); };
    co_return response;
  });
  RawClient client(service, "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  service.Advance(Milliseconds(31'000));
  service.Advance(Milliseconds(6'000));
  EXPECT_EQ(service.server->connections(), 0u);
}

}  // namespace
}  // namespace shakehook
