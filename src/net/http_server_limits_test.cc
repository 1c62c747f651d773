#include <gtest/gtest.h>

#include "net/http_request_head.h"
#include "net/http_server.h"
#include "net/http_server_fixture.h"

namespace shakehook {
namespace {

TEST(HttpServer, BoundsTheHead) {
  HttpServer::Options options;
  options.limits.head_bytes_max = 1000;
  HttpService service(options);
  const std::string start = "GET / HTTP/1.1\r\nHost: a\r\nX-P: ";
  const std::string fits(1000 - start.size() - 4, 'p');
  EXPECT_EQ(RawClient(service, start + fits + "\r\n\r\n").Receive(), Ok("GET / [x-p: " + fits + "]"));
  EXPECT_EQ(Refusal(RawClient(service, start + fits + "p\r\n\r\n").Receive()),
            "431 The request's head is larger than 1000 bytes.");
  EXPECT_EQ(Refusal(RawClient(service, start + std::string(100'000, 'p')).Receive()),
            "431 The request's head is larger than 1000 bytes.");
}

TEST(HttpServer, BoundsTheNumberOfHeaders) {
  HttpService service;
  std::string request = "GET / HTTP/1.1\r\nHost: a\r\n";
  for (int i = 0; i < 200; ++i) request += "A: b\r\n";
  EXPECT_EQ(Refusal(RawClient(service, request + "\r\n").Receive()), "431 The request has more than 200 headers.");
}

HttpServer::Options WithBodyLimit(std::size_t bytes) {
  HttpServer::Options options;
  options.body_bytes_max = [bytes](const HttpRequest& request) {
    return request.path == "/large" ? 10 * bytes : bytes;
  };
  return options;
}

TEST(HttpServer, BoundsTheBodyByWhatItsRequestMayCarry) {
  const auto options = WithBodyLimit(100);
  for (const std::string path : {"/small", "/large"}) {
    const std::size_t limit = path == "/large" ? 1000 : 100;
    const std::string start = "POST " + path + " HTTP/1.1\r\nHost: a\r\n";
    const auto with_length = [&](std::size_t bytes) {
      return start + "Content-Length: " + std::to_string(bytes) + "\r\n\r\n" + std::string(bytes, 'b');
    };
    const auto chunked = [&](std::size_t bytes) {
      std::string request = start + "Transfer-Encoding: chunked\r\n\r\n";
      for (std::size_t i = 0; i < bytes; ++i) request += "1\r\nb\r\n";
      return request + "0\r\n\r\n";
    };
    const std::string refusal = "413 The body is larger than " + std::to_string(limit) + " bytes.";
    const std::string response = Ok("POST " + path + " <" + std::string(limit, 'b') + ">");
    HttpService service(options);
    EXPECT_EQ(RawClient(service, with_length(limit)).Receive(), response);
    EXPECT_EQ(RawClient(service, chunked(limit)).Receive(), response);
    EXPECT_EQ(Refusal(RawClient(service, with_length(limit + 1)).Receive()), refusal);
    EXPECT_EQ(Refusal(RawClient(service, chunked(limit + 1)).Receive()), refusal);
  }
}

TEST(HttpServer, LetsAClientReadTheRefusalOfABodyThatItSendsToItsEnd) {
  HttpService service(WithBodyLimit(100));
  const std::size_t bytes = 8 * 1024 * 1024;
  RawClient client(service, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: " + std::to_string(bytes) + "\r\n\r\n");
  client.Send(std::string(bytes, 'b'));
  EXPECT_EQ(Refusal(client.Receive()), "413 The body is larger than 100 bytes.");
  EXPECT_FALSE(client.reset());
}

TEST(HttpServer, EndsAClientThatGoesOnSendingAfterItsRefusal) {
  HttpService service;
  RawClient client(service, "GET / HTTP/1.1\r\n\r\n");
  EXPECT_EQ(Refusal(client.Receive()), "400 The request needs exactly one Host header.");
  EXPECT_EQ(service.server->connections(), 1u);
  service.Advance(Milliseconds(6'000));
  EXPECT_EQ(service.server->connections(), 0u);
}

TEST(HttpServer, TakesALargeBody) {
  const std::size_t bytes = 3 * 1024 * 1024;
  HttpServer::Options options;
  options.body_bytes_max = [](const HttpRequest&) { return bytes; };
  std::size_t received = 0;
  HttpService service(options, [&received](Loop&, HttpRequest request) -> Async<HttpResponse> {
    received = request.body.size();
    co_return HttpResponse{.body = std::move(request.body)};
  });
  RawClient client(service, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: " + std::to_string(bytes) + "\r\n\r\n");
  client.Send(std::string(bytes, 'b'));
  const std::string response = client.Receive();
  EXPECT_EQ(received, bytes);
  EXPECT_TRUE(response.ends_with(std::string(bytes, 'b')));
}

TEST(HttpServer, AsksForTheBodyOnlyIfItIsAcceptable) {
  HttpService service(WithBodyLimit(100));
  const std::string start = "POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-Continue\r\nContent-Length: ";
  RawClient client(service, start + "5\r\n\r\n");
  EXPECT_EQ(client.Receive(), "HTTP/1.1 100 Continue\r\n\r\n");
  client.Send("hello");
  EXPECT_EQ(client.Receive(), Ok("POST / <hello>"));

  EXPECT_EQ(Refusal(RawClient(service, start + "101\r\n\r\n").Receive()), "413 The body is larger than 100 bytes.");
  // A body that is there already needs no asking for.
  EXPECT_EQ(RawClient(service, start + "5\r\n\r\nhello").Receive(), Ok("POST / <hello>"));
}

TEST(HttpServer, AnswersAClientThatShutItsSideDown) {
  HttpService service;
  RawClient client(service, "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  client.ShutDown();
  EXPECT_EQ(client.Receive(), Ok("GET /"));
  EXPECT_TRUE(client.closed());
}

TEST(HttpServer, ClosesAConnectionThatStaysIdle) {
  HttpService service;
  RawClient client(service);
  service.Advance(Milliseconds(74'000));
  client.Send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_NE(client.Receive(), "");
  service.Advance(Milliseconds(74'000));
  client.Receive();
  EXPECT_FALSE(client.closed());
  service.Advance(Milliseconds(2'000));
  EXPECT_EQ(client.Receive(), "");
  EXPECT_TRUE(client.closed());
}

TEST(HttpServer, EndsARequestThatDoesNotComeWhole) {
  for (const std::string part :
       {"G", "GET / HTTP/1.1\r\nHost: a\r\n", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhell"}) {
    HttpService service;
    RawClient client(service, part);
    service.Advance(Milliseconds(29'000));
    EXPECT_EQ(client.Receive(), "");
    EXPECT_FALSE(client.closed());
    service.Advance(Milliseconds(2'000));
    EXPECT_EQ(Refusal(client.Receive()), "408 The request was not complete within 30 s.");
    EXPECT_TRUE(client.closed());
  }
}

// One byte now and then must not keep a request alive.
TEST(HttpServer, EndsARequestThatDripsInTooSlowly) {
  HttpService service;
  RawClient client(service, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 500\r\n\r\n");
  for (int i = 0; i < 31; ++i) {
    client.Send("b");
    service.Advance(Milliseconds(1'000));
  }
  EXPECT_EQ(Refusal(client.Receive()), "408 The request was not complete within 30 s.");
}

TEST(HttpServer, EndsAnAnswerThatTheClientDoesNotTake) {
  HttpService service({}, [](Loop&, HttpRequest) -> Async<HttpResponse> {
    co_return HttpResponse{.body = std::string(50 * 1024 * 1024, 'b')};
  });
  RawClient client(service, "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  service.Advance(Milliseconds(31'000));
  EXPECT_EQ(service.server->connections(), 1u);  // so large a response may take longer
  service.Advance(Milliseconds(51 * 31'000));
  EXPECT_EQ(service.server->connections(), 0u);
}

TEST(HttpServer, LetsAHandlerTakeItsTime) {
  HttpService service({}, [](Loop& loop, HttpRequest) -> Async<HttpResponse> {
    co_await SleepUntil(loop, loop.clock().Steady() + Milliseconds(600'000));
    co_return HttpResponse{.status = 204};
  });
  RawClient client(service, "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_EQ(client.Receive(), "");
  EXPECT_EQ(service.server->in_flight(), 1u);
  service.Advance(Milliseconds(600'000));
  EXPECT_EQ(client.Receive(), "HTTP/1.1 204 No Content\r\nDate: Wed, 13 Nov 2024 10:40:00 GMT\r\n\r\n");
  EXPECT_EQ(service.server->in_flight(), 0u);
}

// Works for a second, and notes whether its client was there at its end.
struct Worker {
  Async<HttpResponse> Handle(Loop& loop, HttpRequest request) {
    co_await SleepUntil(loop, loop.clock().Steady() + Milliseconds(1'000));
    (request.gone.stop_requested() ? gone : there) += 1;
    co_return HttpResponse{.body = "done"};
  }
  int gone = 0;
  int there = 0;
};

TEST(HttpServer, TellsAHandlerThatItsClientHungUp) {
  Worker worker;
  HttpService service({},
                      [&worker](Loop& loop, HttpRequest request) { return worker.Handle(loop, std::move(request)); });
  const std::string request = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
  RawClient stays(service, request), goes(service, request);
  // The bytes that it sent before it went are unread.
  RawClient pipelines(service, request + request);
  goes.Close();
  pipelines.Close();
  service.Advance(Milliseconds(1'500));
  EXPECT_EQ(worker.there, 1);
  EXPECT_EQ(worker.gone, 2);
  EXPECT_NE(stays.Receive().find("done"), std::string::npos);
}

TEST(HttpServer, AnswersAClientThatShutItsSideDownWhileItsRequestIsWorkedOn) {
  Worker worker;
  HttpService service({},
                      [&worker](Loop& loop, HttpRequest request) { return worker.Handle(loop, std::move(request)); });
  RawClient client(service, "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  client.ShutDown();
  service.Advance(Milliseconds(1'500));
  EXPECT_NE(client.Receive().find("done"), std::string::npos);
}

TEST(HttpServer, KeepsAHeaderInItsLine) {
  HttpService service({}, [](Loop&, HttpRequest) -> Async<HttpResponse> {
    co_return HttpResponse{.status = 201, .headers = {{"Location", "/a\r\nSet-Cookie: b"}}};
  });
  EXPECT_EQ(RawClient(service, "GET / HTTP/1.1\r\nHost: a\r\n\r\n").Receive(),
            "HTTP/1.1 201 Created\r\nLocation: /a  Set-Cookie: b\r\nDate: Wed, 13 Nov 2024 10:30:00 GMT\r\n"
            "Content-Length: 0\r\n\r\n");
}

}  // namespace
}  // namespace shakehook
