#include <gtest/gtest.h>

#include "net/http_request_head.h"
#include "net/http_server.h"
#include "net/http_server_fixture.h"

namespace shakehook {
namespace {

HttpServer::Options WithKeys() {
  HttpServer::Options options;
  options.body_bytes_max = [](const HttpRequest&) { return std::size_t{16} * 1024 * 1024; };
  options.admit = [](Loop&, const HttpRequest& request) -> Async<std::expected<BodyAdmission, HttpResponse>> {
    const std::string* const key = request.Header("x-key");
    if (key == nullptr) co_return std::unexpected(HttpResponse{.status = 401, .body = "no key"});
    co_return BodyAdmission{.owner = *key, .work_factor = 4};
  };
  return options;
}

std::string Post(std::size_t bytes, std::string_view key = {}) {
  return "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: " + std::to_string(bytes) + "\r\n" +
         (key.empty() ? "" : "X-Key: " + std::string(key) + "\r\n") + "\r\n";
}

TEST(HttpServer, ReadsNoLargeBodyOfAClientThatShowsNoKey) {
  HttpService service(WithKeys());
  EXPECT_EQ(Refusal(RawClient(service, Post(16 * 1024 * 1024)).Receive()), "401 no key");
  RawClient small(service, Post(16 * 1024) + std::string(16 * 1024, 'b'));
  EXPECT_EQ(small.Receive(16 * 1024).substr(0, 15), "HTTP/1.1 200 OK");
  const std::string chunked = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n";
  const std::string chunk = "2000\r\n" + std::string(0x2000, 'c') + "\r\n";
  EXPECT_EQ(RawClient(service, chunked + "\r\n" + chunk + chunk + "0\r\n\r\n").Receive(16 * 1024).substr(0, 15),
            "HTTP/1.1 200 OK");
  EXPECT_EQ(Refusal(RawClient(service, chunked + "\r\n" + chunk + chunk + chunk + "0\r\n\r\n").Receive()),
            "401 no key");
  const std::string keyed =
      RawClient(service, chunked + "X-Key: k\r\n\r\n" + chunk + chunk + chunk + "0\r\n\r\n").Receive();
  EXPECT_TRUE(keyed.starts_with("HTTP/1.1 200 OK")) << keyed.substr(0, 200);
  EXPECT_EQ(keyed.substr(keyed.find("<")), "<" + std::string(3 * 0x2000, 'c') + ">");
}

TEST(HttpServer, WhereMemoryIsFullTheSlowestOfThoseWithoutAKeyGoFirst) {
  HttpServer::Options options = WithKeys();
  options.limits.held_bytes_max = 64 * 1024;
  HttpService service(options);
  RawClient slowest(service, Post(16 * 1024) + std::string(9 * 1024, 'b'));
  RawClient keyed(service, Post(32 * 1024, "k") + "b");
  service.Advance(Milliseconds(2'000));
  EXPECT_EQ(RawClient(service, Post(20 * 1024, "other") + std::string(20 * 1024, 'b')).Receive(20 * 1024).substr(0, 15),
            "HTTP/1.1 200 OK");
  EXPECT_TRUE(Refusal(slowest.Receive()).starts_with("503 ")) << "it made place";
  keyed.Send(std::string(32 * 1024 - 1, 'b'));
  EXPECT_EQ(keyed.Receive(32 * 1024).substr(0, 15), "HTTP/1.1 200 OK");
}

TEST(HttpServer, ABodyWaitsUntilItsOwnersOthersAreDoneWith) {
  HttpServer::Options options = WithKeys();
  options.limits.worked_on_bytes_max = 200 * 1024;
  std::size_t handled = 0;
  HttpService service(options, [&handled](Loop& loop, HttpRequest) -> Async<HttpResponse> {
    ++handled;
    co_await SleepUntil(loop, loop.clock().Steady() + Milliseconds(5'000));
    co_return HttpResponse{.status = 204};
  });
  const std::string body(20 * 1024, 'b');
  RawClient first(service, Post(body.size(), "k") + body);
  RawClient second(service, Post(body.size(), "k") + body);
  RawClient other(service, Post(body.size(), "other") + body);
  service.Advance(Milliseconds(1'000));
  EXPECT_EQ(handled, 2u) << "one of each owner";
  service.Advance(Milliseconds(5'000));
  EXPECT_EQ(handled, 3u);
  service.Advance(Milliseconds(5'000));
  for (RawClient* client : {&first, &second, &other}) EXPECT_TRUE(client->Receive().starts_with("HTTP/1.1 204"));
}

TEST(HttpServer, AnswersThatNobodyReadsGoWhereOthersNeedThePlace) {
  HttpServer::Options options;
  const std::size_t bytes = 20 * 1024 * 1024;
  options.limits.held_bytes_max = 2 * bytes;
  options.limits.write_max = Milliseconds(600'000);
  HttpService service(options, [](Loop&, HttpRequest) -> Async<HttpResponse> {
    co_return HttpResponse{.body = std::string(bytes, 'b')};
  });
  const std::string request = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
  RawClient first(service, request), second(service, request);
  RawClient third(service, request);
  EXPECT_TRUE(third.Receive().starts_with("HTTP/1.1 503 ")) << "nobody is slow yet";
  service.Advance(Milliseconds(2'000));
  const std::string response = RawClient(service, request).Receive(bytes);
  EXPECT_TRUE(response.starts_with("HTTP/1.1 200 OK"));
  EXPECT_GE(response.size(), bytes);
}

TEST(HttpServer, ARequestThatMemoryIsMissingForIsRefusedAndTheServerGoesOn) {
  HttpService service({}, [](Loop&, HttpRequest request) -> Async<HttpResponse> {
    if (request.path == "/large") throw std::bad_alloc();
    co_return HttpResponse{.status = 204};
  });
  EXPECT_TRUE(Refusal(RawClient(service, "GET /large HTTP/1.1\r\nHost: a\r\n\r\n").Receive()).starts_with("503 "));
  EXPECT_EQ(service.server->in_flight(), 0u);
  EXPECT_TRUE(RawClient(service, "GET / HTTP/1.1\r\nHost: a\r\n\r\n").Receive().starts_with("HTTP/1.1 204"));
}

// A handler that takes room for a response of the owner that its path names, makes it for a while, and answers little.
struct ResponseMaker {
  std::size_t bytes;
  Milliseconds takes{400};
  int making = 0, made = 0, making_max = 0, refused = 0;

  HttpServer::Handler Handler() {
    return [this](Loop& loop, HttpRequest request) { return Respond(loop, std::move(request)); };
  }
  Async<HttpResponse> Respond(Loop& loop, HttpRequest request) {
    if (!co_await request.room->TakeSoon(request.path, bytes)) {
      ++refused;
      co_return HttpResponse{.status = 503};
    }
    making_max = std::max(making_max, ++making);
    co_await SleepUntil(loop, loop.clock().Steady() + takes);
    --making;
    ++made;
    co_return HttpResponse{.status = 204};
  }
};

TEST(HttpServer, AnswersAreMadeAFewAtATimeAndAllTheirOwnersGetTheirShare) {
  HttpServer::Options options;
  options.limits.held_bytes_max = 4'000'000;
  ResponseMaker maker{.bytes = 1'000'000};
  HttpService service(options, maker.Handler());
  std::vector<std::unique_ptr<RawClient>> clients;
  for (int i = 0; i < 12; ++i) {
    clients.push_back(std::make_unique<RawClient>(service, "GET /much HTTP/1.1\r\nHost: a\r\n\r\n"));
  }
  RawClient other(service, "GET /other HTTP/1.1\r\nHost: a\r\n\r\n");
  service.Advance(Milliseconds(200));
  EXPECT_EQ(maker.making, 3) << "half of it for one, and the other's";
  service.Advance(Milliseconds(9'000));
  EXPECT_EQ(maker.made, 13);
  EXPECT_EQ(maker.making_max, 3);
  for (auto& client : clients) EXPECT_TRUE(client->Receive().starts_with("HTTP/1.1 204"));
}

TEST(HttpServer, AnAnswerThatFindsNoRoomInTimeIsNotMade) {
  HttpServer::Options options;
  options.limits.held_bytes_max = 1'000'000;
  ResponseMaker maker{.bytes = 900'000};
  maker.takes = Milliseconds(5'000);
  HttpService service(options, maker.Handler());
  RawClient first(service, "GET /one HTTP/1.1\r\nHost: a\r\n\r\n");
  RawClient second(service, "GET /two HTTP/1.1\r\nHost: a\r\n\r\n");
  service.Advance(Milliseconds(3'500));
  EXPECT_TRUE(second.Receive().starts_with("HTTP/1.1 503"));
  service.Advance(Milliseconds(2'000));
  EXPECT_TRUE(first.Receive().starts_with("HTTP/1.1 204"));
  // The room that the first had taken is free again.
  second.Send("GET /two HTTP/1.1\r\nHost: a\r\n\r\n");
  service.Advance(Milliseconds(5'100));
  EXPECT_TRUE(second.Receive().starts_with("HTTP/1.1 204"));
}

TEST(HttpServer, AnswersThatTheirOwnerDoesNotReadMakeRoomForItsNext) {
  constexpr std::size_t kBytes = 12 * 1024 * 1024;
  HttpServer::Options options;
  options.limits.held_bytes_max = 4 * kBytes;
  options.limits.write_max = Milliseconds(600'000);
  HttpService service(options, [](Loop&, HttpRequest request) -> Async<HttpResponse> {
    if (!co_await request.room->TakeSoon(request.path, 2 * kBytes)) co_return HttpResponse{.status = 503};
    co_return HttpResponse{.body = std::string(kBytes, 'b')};
  });
  const std::string request = "GET /one HTTP/1.1\r\nHost: a\r\n\r\n";
  RawClient unread(service, request);
  RawClient others(service, "GET /other HTTP/1.1\r\nHost: a\r\n\r\n");
  RawClient next(service, request);
  service.Advance(Milliseconds(2'000));
  const std::string response = next.Receive(kBytes);
  EXPECT_TRUE(response.starts_with("HTTP/1.1 200 OK")) << response.substr(0, 100);
  EXPECT_GE(others.Receive(kBytes).size(), kBytes) << "it is another's";
  EXPECT_LT(unread.Receive(kBytes).size(), kBytes);
}

TEST(HttpServer, WhoHasHungUpWaitsForNoRoom) {
  HttpServer::Options options;
  options.limits.worked_on_bytes_max = 1'000'000;
  int under_way = 0, refused = 0;
  HttpService service(options, [&](Loop& loop, HttpRequest request) -> Async<HttpResponse> {
    if (!co_await request.room->TakeForWorkSoon(request.path, 900'000)) {
      ++refused;
      co_return HttpResponse{.status = 503};
    }
    ++under_way;
    co_await SleepUntil(loop, loop.clock().Steady() + Milliseconds(5'000));
    co_return HttpResponse{.status = 204};
  });
  RawClient first(service, "GET /one HTTP/1.1\r\nHost: a\r\n\r\n");
  {
    RawClient second(service, "GET /two HTTP/1.1\r\nHost: a\r\n\r\n");
    service.Advance(Milliseconds(100));
    EXPECT_EQ(refused, 0);
  }
  service.Advance(Milliseconds(1'500));
  EXPECT_EQ(refused, 1);
  EXPECT_EQ(under_way, 1);
}

TEST(HttpServer, WorkBesideTheBodyHasItsOwnRoom) {
  HttpServer::Options options = WithKeys();
  options.limits.worked_on_bytes_max = 1'000'000;
  int under_way = 0, under_way_max = 0, done = 0;
  HttpService service(options, [&](Loop& loop, HttpRequest request) -> Async<HttpResponse> {
    // Tried again, it is what it was.
    for (int i = 0; i < 3; ++i) {
      const bool taken = co_await request.room->TakeForWorkSoon("k", 300'000);
      EXPECT_TRUE(taken);
    }
    under_way_max = std::max(under_way_max, ++under_way);
    co_await SleepUntil(loop, loop.clock().Steady() + Milliseconds(1'000));
    --under_way;
    ++done;
    co_return HttpResponse{.status = 204};
  });
  const std::string body(20 * 1024, 'b');  // worked on, it takes four times as much
  std::vector<std::unique_ptr<RawClient>> clients;
  for (int i = 0; i < 4; ++i) clients.push_back(std::make_unique<RawClient>(service, Post(body.size(), "k") + body));
  service.Advance(Milliseconds(9'000));
  EXPECT_EQ(done, 4);
  EXPECT_EQ(under_way_max, 1);
}

}  // namespace
}  // namespace shakehook
