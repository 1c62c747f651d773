// The HttpClient against hostile receivers, over real sockets and in real time, with short deadlines.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "net/http_client_fixture.h"
#include "testing/raw_receiver.h"

namespace shakehook {
namespace {

using testing::HasSubstr;
using testing::StartsWith;
using Peer = RawReceiver::Peer;

constexpr Milliseconds kDeadline{200};
constexpr Milliseconds kLateness{300};  // the delay that a busy machine may add

class HostileReceiverTest : public HttpClientFixture {
 protected:
  // The result must be there by the deadline.
  Exchange PostTo(const RawReceiver& receiver, const std::string& scheme = "http") {
    if (!client_) StartClient({"127.0.0.0/8"});
    const SteadyTime start = clock_.Steady();
    Exchange exchange = Post(Local(receiver.port(), "/", scheme), kDeadline);
    EXPECT_LT(clock_.Steady() - start, kDeadline + kLateness);
    return exchange;
  }

  static RawReceiver::Script Respond(std::string text) {
    return [text = std::move(text)](Peer& peer) {
      peer.ReadRequest();
      peer.Send(text);
      peer.WaitForClose();
    };
  }
};

TEST_F(HostileReceiverTest, IsSilent) {
  RawReceiver receiver([](Peer& peer) { peer.WaitForClose(); });
  const Exchange exchange = PostTo(receiver);
  EXPECT_EQ(exchange.failure, TransportFailure::kTimeout);
  EXPECT_THAT(exchange.message, StartsWith("No response came within"));
}

TEST_F(HostileReceiverTest, SendsAHeadByteByByte) {
  RawReceiver receiver([](Peer& peer) {
    peer.ReadRequest();
    peer.Drip("HTTP/1.1 200 OK\r\n" + std::string(1000, 'X') + ": y\r\n\r\n", Milliseconds(10));
  });
  const Exchange exchange = PostTo(receiver);
  EXPECT_EQ(exchange.failure, TransportFailure::kTimeout);
  EXPECT_THAT(exchange.message, StartsWith("The response's headers were not complete within"));
}

TEST_F(HostileReceiverTest, SendsAWholeAnswerByteByByteInTime) {
  RawReceiver receiver([](Peer& peer) {
    peer.ReadRequest();
    peer.Drip("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n", Milliseconds(1));
    peer.WaitForClose();
  });
  const Exchange exchange = PostTo(receiver);
  ASSERT_TRUE(exchange.response.has_value()) << exchange.message;
  EXPECT_EQ(exchange.response->body, "ok");
  EXPECT_FALSE(exchange.response->truncated);
}

TEST_F(HostileReceiverTest, SendsABodyByteByByte) {
  RawReceiver receiver([](Peer& peer) {
    peer.ReadRequest();
    peer.Send("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n");
    peer.Drip(std::string(100'000, 'b'), Milliseconds(10));
  });
  const Exchange exchange = PostTo(receiver);
  ASSERT_TRUE(exchange.response.has_value()) << exchange.message;
  EXPECT_EQ(exchange.response->status, 200);
  EXPECT_TRUE(exchange.response->truncated);
  EXPECT_TRUE(exchange.response->body.starts_with("bb"));
}

TEST_F(HostileReceiverTest, SendsABodyWithoutEnd) {
  RawReceiver receiver([](Peer& peer) {
    peer.ReadRequest();
    peer.Send("HTTP/1.1 200 OK\r\n\r\n");
    const std::string piece(16 * 1024, 'b');
    while (peer.Send(piece)) {
    }
  });
  const Exchange exchange = PostTo(receiver);
  ASSERT_TRUE(exchange.response.has_value()) << exchange.message;
  EXPECT_EQ(exchange.response->body.size(), kKeptBodyBytes);
  EXPECT_TRUE(exchange.response->truncated);
}

TEST_F(HostileReceiverTest, SendsHeadersWithoutEnd) {
  RawReceiver receiver([](Peer& peer) {
    peer.ReadRequest();
    peer.Send("HTTP/1.1 200 OK\r\n");
    const std::string line = "X: " + std::string(1000, 'a') + "\r\n";
    while (peer.Send(line)) {
    }
  });
  const Exchange exchange = PostTo(receiver);
  EXPECT_EQ(exchange.failure, TransportFailure::kInvalidResponse);
  EXPECT_THAT(exchange.message, HasSubstr("64 KiB"));
}

TEST_F(HostileReceiverTest, Sends1xxWithoutEnd) {
  RawReceiver receiver([](Peer& peer) {
    peer.ReadRequest();
    while (peer.Send("HTTP/1.1 102 Processing\r\n\r\n")) {
    }
  });
  const Exchange exchange = PostTo(receiver);
  EXPECT_EQ(exchange.failure, TransportFailure::kInvalidResponse);
}

TEST_F(HostileReceiverTest, ResetsBeforeInAndAfterTheHead) {
  const std::pair<std::string, bool> cases[] = {
      {"", false}, {"HTTP/1.1 20", false}, {"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf", true}};
  for (const auto& [text, answered] : cases) {
    for (const bool with_reset : {true, false}) {
      RawReceiver receiver([&](Peer& peer) {
        peer.ReadRequest();
        peer.Send(text);
        peer.Pause(Milliseconds(30));  // a reset overtakes what was sent just before it
        if (with_reset) peer.Reset();
      });
      const Exchange exchange = PostTo(receiver);
      ASSERT_EQ(exchange.response.has_value(), answered) << text;
      if (answered) {
        EXPECT_TRUE(exchange.response->truncated);
        EXPECT_EQ(exchange.response->body, "half");
      } else {
        EXPECT_EQ(exchange.failure, TransportFailure::kConnectionClosed) << text;
        EXPECT_THAT(exchange.message, HasSubstr(with_reset ? "was reset" : "was closed")) << text;
      }
    }
  }
}

TEST_F(HostileReceiverTest, ClosesAtOnce) {
  RawReceiver receiver([](Peer&) {});
  for (int i = 0; i < 20; ++i) EXPECT_EQ(PostTo(receiver).failure, TransportFailure::kConnectionClosed);
}

TEST_F(HostileReceiverTest, SendsWhatIsNoHttp) {
  for (const std::string text :
       {"SSH-2.0-OpenSSH_9.2\r\n", "220 mail.example ESMTP\r\n", "-ERR unknown command 'POST'\r\n", "\r\n\r\n\r\n",
        "<html></html>", "HTTP/1.1 99 Low\r\n\r\n", "HTTP/1.1 200 OK\n\n", "HTTP/1.1 101 Switching Protocols\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"}) {
    RawReceiver receiver(Respond(text));
    const Exchange exchange = PostTo(receiver);
    EXPECT_FALSE(exchange.response.has_value()) << text;
    EXPECT_EQ(exchange.failure, TransportFailure::kInvalidResponse) << text;
  }
}

TEST_F(HostileReceiverTest, SendsAnswersThatAreOddButClear) {
  const std::pair<std::string, int> cases[] = {
      {"HTTP/1.1 200\r\nContent-Length: 0\r\n\r\n", 200},
      {"HTTP/1.0 200 OK\r\n\r\n", 200},
      {"HTTP/1.1 700 Odd\r\nContent-Length: 0\r\n\r\n", 700},
      {"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n", 201},
      {"HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\nhello", 204},
      {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nnonsense\r\n", 200},
      {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\n", 200},
      {"HTTP/1.1 200 OK\r\nContent-Length: 18446744073709551615\r\n\r\n", 200},
  };
  for (const auto& [text, status] : cases) {
    RawReceiver receiver(Respond(text));
    const Exchange exchange = PostTo(receiver);
    ASSERT_TRUE(exchange.response.has_value()) << text << exchange.message;
    EXPECT_EQ(exchange.response->status, status) << text;
  }
}

// Like a process that was stopped while it connected: it finds a connection that it must not use any more.
TEST_F(HostileReceiverTest, GetsNoRequestAfterItsDeadlineThoughTheLoopStoodStill) {
  RawReceiver receiver([](Peer& peer) { peer.ReadRequest(); });
  StartClient({"127.0.0.0/8"});
  std::promise<std::future<Exchange>> begun;
  // From the loop, so that it stands still before it can go on with the exchange.
  loop_.Post([&] {
    begun.set_value(Begin(Local(receiver.port()), kDeadline));
    loop_.Post([until = clock_.Steady() + kDeadline + Milliseconds(20)] {
      std::promise<void>().get_future().wait_until(std::chrono::steady_clock::time_point(until.time_since_epoch()));
    });
  });
  EXPECT_EQ(begun.get_future().get().get().failure, TransportFailure::kTimeout);
  StopClient();
  EXPECT_TRUE(receiver.requests().empty());
}

TEST_F(HostileReceiverTest, SpeaksTlsWherePlainTextIsAsked) {
  RawReceiver receiver(Respond(std::string("\x15\x03\x03\0\x02\x02\x50", 7)));  // a fatal alert
  const Exchange exchange = PostTo(receiver);
  EXPECT_FALSE(exchange.response.has_value());
  EXPECT_EQ(exchange.failure, TransportFailure::kInvalidResponse);
  EXPECT_EQ(exchange.message, "The port speaks TLS, but the URL says http://.");
}

TEST_F(HostileReceiverTest, SpeaksPlainTextWhereTlsIsAsked) {
  for (const std::string text : {"HTTP/1.1 400 Bad Request\r\n\r\n", "220 mail.example ESMTP\r\n"}) {
    RawReceiver receiver([&](Peer& peer) {
      peer.Pause(Milliseconds(100));
      peer.Send(text);
      peer.WaitForClose();
    });
    const Exchange exchange = PostTo(receiver, "https");
    EXPECT_EQ(exchange.failure, TransportFailure::kTls);
    EXPECT_EQ(exchange.message, "Port " + std::to_string(receiver.port()) + " does not speak TLS.");
  }
}

TEST_F(HostileReceiverTest, IsSilentInTheTlsHandshake) {
  RawReceiver receiver([](Peer& peer) { peer.WaitForClose(); });
  const Exchange exchange = PostTo(receiver, "https");
  EXPECT_EQ(exchange.failure, TransportFailure::kTimeout);
  EXPECT_THAT(exchange.message, StartsWith("The TLS handshake was not done within"));
}

TEST_F(HostileReceiverTest, ClosesInTheTlsHandshake) {
  RawReceiver receiver([](Peer& peer) { peer.Pause(Milliseconds(100)); });
  const Exchange exchange = PostTo(receiver, "https");
  EXPECT_EQ(exchange.failure, TransportFailure::kTls);
  EXPECT_THAT(exchange.message, HasSubstr("during the TLS handshake"));
}

}  // namespace
}  // namespace shakehook
