#include "net/http_client.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "net/http_client_fixture.h"
#include "testing/name_server.h"
#include "testing/raw_receiver.h"
#include "testing/silent_listener.h"

namespace shakehook {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using Peer = RawReceiver::Peer;

constexpr std::string_view kNoContent = "HTTP/1.1 204 No Content\r\n\r\n";

void RespondToAll(Peer& peer) {
  while (!peer.ReadRequest().empty()) peer.Send(kNoContent);
}

class HttpClientTest : public HttpClientFixture {};

TEST_F(HttpClientTest, SendsExactlyTheseBytes) {
  RawReceiver receiver(RespondToAll);
  const Exchange exchange = Post(Local(receiver.port(), "/hooks?a=b"), kPatience, "{\"a\":1}");
  ASSERT_TRUE(exchange.response.has_value()) << exchange.message;
  EXPECT_EQ(exchange.response->status, 204);
  EXPECT_EQ(exchange.response->reason, "No Content");
  EXPECT_THAT(receiver.requests(),
              ElementsAre("POST /hooks?a=b HTTP/1.1\r\nHost: 127.0.0.1:" + std::to_string(receiver.port()) +
                          "\r\nContent-Type: application/json\r\nContent-Length: 7\r\n\r\n{\"a\":1}"));
}

TEST_F(HttpClientTest, ReturnsTheAnswerAndItsTimings) {
  RawReceiver receiver([](Peer& peer) {
    peer.ReadRequest();
    peer.Send("HTTP/1.1 422 Nope\r\nContent-Type: text/plain\r\nContent-Length: 5\r\n\r\nsorry");
    peer.WaitForClose();
  });
  const Exchange exchange = Post(Local(receiver.port()));
  ASSERT_TRUE(exchange.response.has_value());
  EXPECT_EQ(exchange.response->status, 422);
  EXPECT_EQ(exchange.response->reason, "Nope");
  EXPECT_EQ(exchange.response->headers, "Content-Type: text/plain\r\nContent-Length: 5\r\n");
  EXPECT_EQ(exchange.response->body, "sorry");
  EXPECT_FALSE(exchange.response->truncated);
  EXPECT_FALSE(exchange.timings.dns.has_value());
  EXPECT_TRUE(exchange.timings.connect.has_value());
  EXPECT_FALSE(exchange.timings.tls.has_value());
  EXPECT_TRUE(exchange.timings.first_byte.has_value());
}

TEST_F(HttpClientTest, KeepsAConnectionForTheNextRequest) {
  RawReceiver receiver(RespondToAll);
  for (int i = 0; i < 5; ++i) {
    const Exchange exchange = Post(Local(receiver.port()));
    ASSERT_TRUE(exchange.response.has_value()) << exchange.message;
    EXPECT_EQ(exchange.timings.connect.has_value(), i == 0);
  }
  EXPECT_EQ(receiver.connections(), 1);
}

TEST_F(HttpClientTest, OpensAConnectionForEachRequestUnderWay) {
  RawReceiver receiver([](Peer& peer) {
    peer.ReadRequest();
    peer.Pause(Milliseconds(100));
    peer.Send(kNoContent);
    RespondToAll(peer);
  });
  std::vector<std::future<Exchange>> posts;
  for (int i = 0; i < 10; ++i) posts.push_back(Begin(Local(receiver.port())));
  for (auto& post : posts) EXPECT_TRUE(post.get().response.has_value());
  EXPECT_EQ(receiver.connections(), 10);
}

TEST_F(HttpClientTest, HonoursWhatThePeerSaysOfKeepingTheConnection) {
  for (const std::string response :
       {"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n", "HTTP/1.0 204 No Content\r\n\r\n",
        "HTTP/1.1 204 No Content\r\nKeep-Alive: timeout=0\r\n\r\n",
        "HTTP/1.1 204 No Content\r\n\r\nmore than asked for"}) {
    RawReceiver receiver([&](Peer& peer) {
      while (!peer.ReadRequest().empty()) peer.Send(response);
    });
    for (int i = 0; i < 2; ++i) EXPECT_TRUE(Post(Local(receiver.port())).response.has_value()) << response;
    EXPECT_EQ(receiver.connections(), 2) << response;
  }
}

TEST_F(HttpClientTest, RedialsOnceWhenAReusedConnectionBreaksBeforeAnAnswer) {
  for (const bool with_reset : {true, false}) {
    RawReceiver receiver([&](Peer& peer) {
      peer.ReadRequest();
      peer.Send(kNoContent);
      peer.ReadRequest();
      if (peer.number() == 0 && with_reset) peer.Reset();
      if (peer.number() == 0) return;
      peer.Send(kNoContent);
    });
    EXPECT_TRUE(Post(Local(receiver.port())).response.has_value());
    const Exchange exchange = Post(Local(receiver.port()));
    EXPECT_TRUE(exchange.response.has_value()) << exchange.message;
    EXPECT_EQ(receiver.connections(), 2);
    EXPECT_EQ(receiver.requests().size(), 3u);
  }
}

TEST_F(HttpClientTest, DoesNotRedialAConnectionThatBreaksInTheAnswer) {
  RawReceiver receiver([](Peer& peer) {
    peer.ReadRequest();
    peer.Send(kNoContent);
    peer.ReadRequest();
    peer.Send("HTTP");
  });
  EXPECT_TRUE(Post(Local(receiver.port())).response.has_value());
  const Exchange exchange = Post(Local(receiver.port()));
  EXPECT_FALSE(exchange.response.has_value());
  EXPECT_EQ(exchange.failure, TransportFailure::kConnectionClosed);
  EXPECT_EQ(receiver.connections(), 1);
}

TEST_F(HttpClientTest, DoesNotRedialANewConnection) {
  RawReceiver receiver([](Peer& peer) {
    peer.ReadRequest();
    if (peer.number() == 0) peer.Send(kNoContent);
    if (peer.number() == 0) peer.ReadRequest();
    peer.Reset();
  });
  EXPECT_TRUE(Post(Local(receiver.port())).response.has_value());
  const Exchange exchange = Post(Local(receiver.port()));  // breaks, is redialled, breaks again
  EXPECT_EQ(exchange.failure, TransportFailure::kConnectionClosed);
  EXPECT_THAT(exchange.message, HasSubstr("reset before a response"));
  EXPECT_EQ(receiver.connections(), 2);
}

TEST_F(HttpClientTest, LeavesAnIdleConnectionThatThePeerClosed) {
  RawReceiver receiver([](Peer& peer) {
    peer.ReadRequest();
    peer.Send(kNoContent);
  });
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(Post(Local(receiver.port())).response.has_value());
  EXPECT_EQ(receiver.requests().size(), 3u);
}

TEST_F(HttpClientTest, LeavesAnIdleConnectionOnWhichBytesCame) {
  std::promise<void> sent;
  RawReceiver receiver([&](Peer& peer) {
    peer.ReadRequest();
    peer.Send(kNoContent);
    if (peer.number() == 0) {
      peer.Pause(Milliseconds(50));
      peer.Send("HTTP/1.1 500 Injected\r\nContent-Length: 0\r\n\r\n");
      sent.set_value();
    }
    peer.ReadRequest();
  });
  EXPECT_EQ(Post(Local(receiver.port())).response.value().status, 204);
  sent.get_future().wait();
  EXPECT_EQ(Post(Local(receiver.port())).response.value().status, 204);
  EXPECT_EQ(receiver.connections(), 2);
}

TEST_F(HttpClientTest, NeverFollowsARedirect) {
  RawReceiver receiver([](Peer& peer) {
    peer.ReadRequest();
    peer.Send("HTTP/1.1 302 Found\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n");
    peer.WaitForClose();
  });
  EXPECT_EQ(Post(Local(receiver.port())).response.value().status, 302);
  EXPECT_EQ(receiver.requests().size(), 1u);
}

TEST_F(HttpClientTest, SendsABodyOfTheLargestSize) {
  RawReceiver receiver(RespondToAll);
  const std::string body(64 * 1024, 'x');
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(Post(Local(receiver.port()), kPatience, body).response.has_value());
  ASSERT_EQ(receiver.requests().size(), 3u);
  EXPECT_THAT(receiver.requests()[2], testing::EndsWith("\r\n\r\n" + body));
}

TEST_F(HttpClientTest, HearsAnAnswerThatComesBeforeTheBodyWasRead) {
  RawReceiver receiver([](Peer& peer) {
    peer.Pause(Milliseconds(1000));
    peer.Send("HTTP/1.1 413 Too Large\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
    peer.Pause(Milliseconds(1000));
  });
  const Exchange exchange = Post(Local(receiver.port()), kPatience, std::string(200 * 1024, 'x'));
  ASSERT_TRUE(exchange.response.has_value()) << exchange.message;
  EXPECT_EQ(exchange.response->status, 413);
}

TEST_F(HttpClientTest, EndsAtOnceWhenTheDeadlineHasPassed) {
  RawReceiver receiver([](Peer& peer) { peer.WaitForClose(); });
  const Exchange exchange = Post(Local(receiver.port()), Milliseconds(-5));
  EXPECT_EQ(exchange.failure, TransportFailure::kTimeout);
}

TEST_F(HttpClientTest, MayBeDestroyedWithExchangesUnderWay) {
  NameServer names;
  names.Set("silent.example", {.silent = true});
  StartClient({"127.0.0.0/8"}, "", names.address());
  RawReceiver receiver([](Peer& peer) {
    peer.ReadRequest();
    peer.Send("HTTP/1.1 200 OK\r\n");
    peer.WaitForClose();
  });
  SilentListener listener("127.0.0.1", 0);
  std::vector<std::future<Exchange>> posts;
  for (int i = 0; i < 3; ++i) {
    posts.push_back(Begin(Local(receiver.port())));
    posts.push_back(Begin(Local(listener.port())));
    posts.push_back(Begin("http://silent.example/"));
    posts.push_back(Begin(Local(receiver.port(), "/", "https")));
  }
  while (receiver.requests().size() < 3) Post("http://127.0.0.1:1/");  // a turn of the loop
  StopClient();
}

}  // namespace
}  // namespace shakehook
