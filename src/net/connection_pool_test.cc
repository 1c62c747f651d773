#include "net/connection_pool.h"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <map>

#include "base/check.h"
#include "testing/simulated_clock.h"

namespace shakehook {
namespace {

// Connections are ends of socket pairs, so that a test holds the peers.
class ConnectionPoolTest : public testing::Test {
 protected:
  ~ConnectionPoolTest() override {
    for (const auto& [connection, peer] : peers_) close(peer);
  }

  // A connection that has just carried a response with these header lines.
  std::unique_ptr<Connection> Answered(std::string_view headers = "") {
    int ends[2];
    CHECK(socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0);
    auto connection = std::make_unique<Connection>(Connection::Socket(loop_.executor()));
    connection->socket.assign(asio::ip::tcp::v4(), ends[0]);
    connection->opened_at = clock_.Steady();
    peers_[connection.get()] = ends[1];
    Respond(*connection, headers);
    return connection;
  }

  static void Respond(Connection& connection, std::string_view headers = "") {
    const std::string text = "HTTP/1.1 204 No Content\r\n" + std::string(headers) + "\r\n";
    const std::span<char> space = connection.reader.Space();
    std::ranges::copy(text, space.begin());
    CHECK(connection.reader.Commit(text.size()) == ResponseReader::Progress::kDone);
  }

  void Advance(Milliseconds time) {
    clock_.Advance(time);
    loop_.RunTimers();
  }

  static TargetUrl Url(const std::string& text) { return ParseTargetUrl(text).value(); }

  SimulatedClock clock_;
  Loop loop_{clock_};
  ConnectionPool pool_{loop_};
  std::map<const Connection*, int> peers_;
  const TargetUrl url_ = Url("https://a.example/1");
};

TEST_F(ConnectionPoolTest, GivesTheLastUsedConnectionOfTheOrigin) {
  auto first = Answered(), second = Answered();
  const Connection* const expected[] = {second.get(), first.get()};
  pool_.Give(url_, std::move(first));
  pool_.Give(url_, std::move(second));
  auto taken = pool_.Take(Url("https://a.example/2"));
  EXPECT_EQ(taken.get(), expected[0]);
  EXPECT_FALSE(taken->reader.started());
  EXPECT_EQ(pool_.Take(url_).get(), expected[1]);
  EXPECT_EQ(pool_.Take(url_), nullptr);
}

TEST_F(ConnectionPoolTest, KeepsOriginsApart) {
  pool_.Give(url_, Answered());
  for (const char* other :
       {"http://a.example/", "https://b.example/", "https://a.example:8443/", "http://a.example:443/"}) {
    EXPECT_EQ(pool_.Take(Url(other)), nullptr) << other;
  }
  EXPECT_NE(pool_.Take(Url("https://A.example:443/")), nullptr);
}

TEST_F(ConnectionPoolTest, GivesUpAConnectionAfterFourSeconds) {
  pool_.Give(url_, Answered());
  clock_.Advance(Milliseconds(3999));
  auto connection = pool_.Take(url_);
  ASSERT_NE(connection, nullptr);
  Respond(*connection);
  pool_.Give(url_, std::move(connection));
  clock_.Advance(Milliseconds(4000));
  EXPECT_EQ(pool_.Take(url_), nullptr);
}

TEST_F(ConnectionPoolTest, GivesUpAConnectionBeforeItsPeerDoes) {
  pool_.Give(url_, Answered("Keep-Alive: timeout=2\r\n"));
  clock_.Advance(Milliseconds(1499));
  auto connection = pool_.Take(url_);
  ASSERT_NE(connection, nullptr);
  Respond(*connection, "Keep-Alive: timeout=2\r\n");
  pool_.Give(url_, std::move(connection));
  clock_.Advance(Milliseconds(1500));
  EXPECT_EQ(pool_.Take(url_), nullptr);
}

TEST_F(ConnectionPoolTest, ClosesIdleConnectionsThatNobodyAsksFor) {
  pool_.Give(url_, Answered());
  pool_.Give(Url("http://b.example/"), Answered());
  Advance(Milliseconds(3000));
  EXPECT_EQ(pool_.idle(), 2u);
  Advance(Milliseconds(1000));
  EXPECT_EQ(pool_.idle(), 0u);
  EXPECT_FALSE(loop_.NextTimer().has_value());
}

TEST_F(ConnectionPoolTest, TakesNoConnectionThatMayNotBeUsedAgain) {
  pool_.Give(url_, Answered("Connection: close\r\n"));
  pool_.Give(url_, Answered("Keep-Alive: timeout=0\r\n"));
  auto old = Answered();
  clock_.Advance(ConnectionPool::kAgeMax);
  pool_.Give(url_, std::move(old));
  EXPECT_EQ(pool_.idle(), 0u);
}

TEST_F(ConnectionPoolTest, LeavesAConnectionOnWhichSomethingCame) {
  auto closed = Answered(), sent = Answered();
  ASSERT_EQ(shutdown(peers_[closed.get()], SHUT_WR), 0);
  ASSERT_EQ(write(peers_[sent.get()], "x", 1), 1);
  pool_.Give(url_, std::move(closed));
  pool_.Give(url_, std::move(sent));
  EXPECT_EQ(pool_.Take(url_), nullptr);
  EXPECT_EQ(pool_.idle(), 0u);
}

TEST_F(ConnectionPoolTest, IsBounded) {
  for (std::size_t i = 0; i < ConnectionPool::kIdleOfOriginMax + 1; ++i) {
    auto connection = Answered();
    const auto peer = peers_.extract(connection.get());
    pool_.Give(url_, std::move(connection));
    close(peer.mapped());
  }
  EXPECT_EQ(pool_.idle(), ConnectionPool::kIdleOfOriginMax);
  for (std::size_t i = 0; i < ConnectionPool::kIdleMax; ++i) {
    auto connection = Answered();
    const auto peer = peers_.extract(connection.get());
    pool_.Give(Url("https://host" + std::to_string(i) + ".example/"), std::move(connection));
    close(peer.mapped());
  }
  EXPECT_EQ(pool_.idle(), ConnectionPool::kIdleMax);
}

}  // namespace
}  // namespace shakehook
