// The Dialer, through the HttpClient that uses it: names, addresses and requests that are refused before anything is
// dialled.
#include "net/dialer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <thread>

#include "net/http_client_fixture.h"
#include "testing/name_server.h"
#include "testing/raw_receiver.h"
#include "testing/silent_listener.h"

namespace shakehook {
namespace {

using testing::HasSubstr;
using testing::StartsWith;
using Peer = RawReceiver::Peer;

void RespondToAll(Peer& peer) {
  while (!peer.ReadRequest().empty()) peer.Send("HTTP/1.1 204 No Content\r\n\r\n");
}

class DialerTest : public HttpClientFixture {};

TEST_F(DialerTest, SaysThatNothingListens) {
  std::uint16_t port = 0;
  {
    RawReceiver gone(RespondToAll);
    port = gone.port();
  }
  const Exchange exchange = Post(Local(port));
  EXPECT_FALSE(exchange.response.has_value());
  EXPECT_EQ(exchange.failure, TransportFailure::kConnectionRefused);
  EXPECT_EQ(exchange.message, "Nothing listens on port " + std::to_string(port) + " (connection refused).");
}

TEST_F(DialerTest, DialsNoForbiddenAddress) {
  StartClient({"127.0.0.2"});
  RawReceiver receiver(RespondToAll);
  for (const std::string host :
       {"127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]", "[64:ff9b::7f00:1]", "0.0.0.0"}) {
    const Exchange exchange = Post("http://" + host + ":" + std::to_string(receiver.port()) + "/");
    EXPECT_FALSE(exchange.response.has_value()) << host;
    EXPECT_EQ(exchange.failure, TransportFailure::kForbiddenAddress) << host;
    EXPECT_FALSE(exchange.timings.connect.has_value()) << host;
  }
  EXPECT_EQ(receiver.connections(), 0);
}

TEST_F(DialerTest, DialsNothingWhenOneOfTheAddressesIsForbidden) {
  NameServer names;
  names.Set("mixed.example", {.addresses = {"127.0.0.1", "10.0.0.1"}});
  names.Set("mixed6.example", {.addresses = {"127.0.0.1", "fe80::1"}});
  StartClient({"127.0.0.1"}, "", names.address());
  RawReceiver receiver(RespondToAll);
  for (const std::string host : {"mixed.example", "mixed6.example"}) {
    const Exchange exchange = Post("http://" + host + ":" + std::to_string(receiver.port()) + "/");
    EXPECT_EQ(exchange.failure, TransportFailure::kForbiddenAddress) << host;
    EXPECT_THAT(exchange.message, testing::Not(HasSubstr("10.0"))) << host;
  }
  EXPECT_EQ(receiver.connections(), 0);
}

TEST_F(DialerTest, DialsNothingThroughAnAliasThatLeadsInside) {
  NameServer names;
  names.Set("inside.example", {.addresses = {"10.0.0.1"}});
  names.Set("outside.example", {.addresses = {"127.0.0.1"}});
  names.Set("innocent.example", {.alias = "inside.example"});
  names.Set("honest.example", {.alias = "outside.example"});
  StartClient({"127.0.0.1"}, "", names.address());
  RawReceiver receiver(RespondToAll);
  const std::string port = std::to_string(receiver.port());
  EXPECT_EQ(Post("http://innocent.example:" + port + "/").failure, TransportFailure::kForbiddenAddress);
  EXPECT_EQ(receiver.connections(), 0);
  const Exchange honest = Post("http://honest.example:" + port + "/");
  EXPECT_TRUE(honest.response.has_value()) << honest.message;
}

// Rebinding: a name was allowed when the webhook was saved, and has another address when it is dialled.
TEST_F(DialerTest, JudgesTheAddressOfEachConnectionThoughItsNameWasAllowedBefore) {
  NameServer names;
  names.Set("turncoat.example", {.addresses = {"127.0.0.1"}, .ttl_seconds = 0});
  StartClient({"127.0.0.1"}, "", names.address());
  RawReceiver receiver([](Peer& peer) {
    peer.ReadRequest();
    peer.Send("HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n");
  });
  const std::string url = "http://turncoat.example:" + std::to_string(receiver.port()) + "/";
  ASSERT_TRUE(Post(url).response.has_value());
  names.Set("turncoat.example", {.addresses = {"169.254.169.254"}, .ttl_seconds = 0});
  Exchange exchange;
  const SteadyTime patience = clock_.Steady() + kPatience;
  do {
    exchange = Post(url);  // an earlier lookup is kept for a second
  } while (exchange.response && clock_.Steady() < patience);
  EXPECT_EQ(exchange.failure, TransportFailure::kForbiddenAddress);
  EXPECT_FALSE(exchange.timings.connect.has_value());
  EXPECT_THAT(exchange.message, testing::Not(HasSubstr("169.254")));
}

TEST_F(DialerTest, DialsANameAndLocalhost) {
  NameServer names;
  names.Set("hooks.example", {.addresses = {"127.0.0.1"}});
  StartClient({"127.0.0.1"}, "", names.address());
  RawReceiver receiver(RespondToAll);
  const std::string port = std::to_string(receiver.port());
  const Exchange exchange = Post("http://hooks.example:" + port + "/");
  ASSERT_TRUE(exchange.response.has_value()) << exchange.message;
  EXPECT_TRUE(exchange.timings.dns.has_value());
  EXPECT_THAT(receiver.requests()[0], HasSubstr("\r\nHost: hooks.example:" + port + "\r\n"));
  EXPECT_TRUE(Post("http://localhost:" + port + "/").response.has_value());
  EXPECT_TRUE(Post("http://any.localhost:" + port + "/").response.has_value());
  EXPECT_EQ(names.queries("localhost") + names.queries("any.localhost"), 0);
}

TEST_F(DialerTest, TriesTheNextAddressWhenOneRefuses) {
  NameServer names;
  names.Set("two.example", {.addresses = {"127.0.0.2", "127.0.0.3", "127.0.0.1"}});
  StartClient({"127.0.0.0/8"}, "", names.address());
  RawReceiver receiver(RespondToAll);
  const Exchange exchange = Post("http://two.example:" + std::to_string(receiver.port()) + "/");
  EXPECT_TRUE(exchange.response.has_value()) << exchange.message;
}

TEST_F(DialerTest, SaysWhatIsWrongWithAName) {
  NameServer names;
  names.Set("silent.example", {.silent = true});
  StartClient({"127.0.0.1"}, "", names.address());
  const Exchange missing = Post("https://missing.example/");
  EXPECT_EQ(missing.failure, TransportFailure::kDns);
  EXPECT_EQ(missing.message, "The name missing.example does not exist.");
  const Exchange silent = Post("https://silent.example/", Milliseconds(200));
  EXPECT_EQ(silent.failure, TransportFailure::kTimeout);
  EXPECT_THAT(silent.message, StartsWith("The lookup of the host's name took longer than"));
}

TEST_F(DialerTest, CountsConnectingAgainstTheDeadline) {
  SilentListener listener("127.0.0.1", 0);
  const Exchange exchange = Post(Local(listener.port()), Milliseconds(200));
  EXPECT_EQ(exchange.failure, TransportFailure::kTimeout);
  EXPECT_THAT(exchange.message, StartsWith("The host did not accept a connection within"));
}

TEST_F(DialerTest, TriesTheNextAddressWhenOneIsSilent) {
  NameServer names;
  names.Set("two.example", {.addresses = {"127.0.0.2", "127.0.0.1"}});
  StartClient({"127.0.0.0/8"}, "", names.address());
  RawReceiver receiver(RespondToAll);
  SilentListener listener("127.0.0.2", receiver.port());
  const Exchange exchange = Post("http://two.example:" + std::to_string(receiver.port()) + "/");
  EXPECT_TRUE(exchange.response.has_value()) << exchange.message;
}

TEST_F(DialerTest, ConnectsWithOneFamilyWhileTheOtherIsNotAnswered) {
  NameServer names;
  names.Set("router.example", {.addresses = {"127.0.0.1"}, .silent_v6 = true});
  StartClient({"127.0.0.0/8"}, "", names.address());
  RawReceiver receiver(RespondToAll);
  const SteadyTime start = clock_.Steady();
  const Exchange exchange = Post("http://router.example:" + std::to_string(receiver.port()) + "/");
  EXPECT_TRUE(exchange.response.has_value()) << exchange.message;
  EXPECT_LT(clock_.Steady() - start, Milliseconds(700));
}

TEST_F(DialerTest, AForbiddenAddressThatComesWhileItConnectsEndsTheAttempt) {
  NameServer names;
  names.Set("late.example", {.addresses = {"127.0.0.2"}, .late_v6 = {"fe80::1"}});
  StartClient({"127.0.0.0/8"}, "", names.address());
  RawReceiver receiver(RespondToAll);
  SilentListener listener("127.0.0.2", receiver.port());
  auto exchange = Begin("http://late.example:" + std::to_string(receiver.port()) + "/");
  const SteadyTime patience = clock_.Steady() + kPatience;
  while (names.queries("late.example") < 2 && clock_.Steady() < patience) std::this_thread::yield();
  ASSERT_EQ(exchange.wait_for(Milliseconds(200)), std::future_status::timeout);
  names.AnswerLate();
  EXPECT_EQ(exchange.get().failure, TransportFailure::kForbiddenAddress);
  // It is remembered: the next attempt dials nothing.
  const Exchange next = Post("http://late.example:" + std::to_string(receiver.port()) + "/");
  EXPECT_EQ(next.failure, TransportFailure::kForbiddenAddress);
  EXPECT_FALSE(next.timings.connect.has_value());
  EXPECT_EQ(receiver.connections(), 0);
}

TEST_F(DialerTest, GoesOnWithAddressesThatComeLateWhereTheFirstRefuse) {
  NameServer names;
  names.Set("late.example", {.addresses = {"127.0.0.2"}, .late_v6 = {"::ffff:127.0.0.1"}});
  StartClient({"127.0.0.0/8"}, "", names.address());
  RawReceiver receiver(RespondToAll);  // listens on 127.0.0.1 alone
  auto exchange = Begin("http://late.example:" + std::to_string(receiver.port()) + "/");
  ASSERT_EQ(exchange.wait_for(Milliseconds(300)), std::future_status::timeout);
  names.AnswerLate();
  const Exchange done = exchange.get();
  EXPECT_TRUE(done.response.has_value()) << done.message;
}

TEST_F(DialerTest, GivesASilentAddressARivalSoon) {
  NameServer names;
  names.Set("three.example", {.addresses = {"127.0.0.2", "127.0.0.3", "127.0.0.1"}});
  StartClient({"127.0.0.0/8"}, "", names.address());
  RawReceiver receiver(RespondToAll);
  SilentListener second("127.0.0.2", receiver.port());
  SilentListener third("127.0.0.3", receiver.port());
  const SteadyTime start = clock_.Steady();
  const Exchange exchange = Post("http://three.example:" + std::to_string(receiver.port()) + "/");
  EXPECT_TRUE(exchange.response.has_value()) << exchange.message;
  EXPECT_LT(clock_.Steady() - start, Milliseconds(1000));
}

TEST_F(DialerTest, NamesEndWithADotOrNotAndAreTheSame) {
  NameServer names;
  names.Set("my_app.example", {.addresses = {"127.0.0.1"}});
  StartClient({"127.0.0.1"}, "", names.address());
  RawReceiver receiver(RespondToAll);
  const std::string port = std::to_string(receiver.port());
  const Exchange dotted = Post("http://my_app.example.:" + port + "/");
  ASSERT_TRUE(dotted.response.has_value()) << dotted.message;
  EXPECT_THAT(receiver.requests()[0], HasSubstr("\r\nHost: my_app.example:" + port + "\r\n"));
  EXPECT_TRUE(Post("http://my_app.example:" + port + "/").response.has_value());
  EXPECT_EQ(receiver.connections(), 1);
  EXPECT_TRUE(Post("http://localhost.:" + port + "/").response.has_value());
}

TEST_F(DialerTest, AServerWithoutDescriptorsDoesNotBlameTheEndpoint) {
  StartClient({"127.0.0.0/8"});
  RawReceiver receiver(RespondToAll);
  Post(Local(receiver.port()));  // everything that the client opens once is open
  rlimit before{};
  ASSERT_EQ(getrlimit(RLIMIT_NOFILE, &before), 0);
  const rlimit none{.rlim_cur = 3, .rlim_max = before.rlim_max};
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &none), 0);
  const Exchange exchange = Post("http://127.0.0.2:" + std::to_string(receiver.port()) + "/");
  const Exchange name = Post("http://name.example:" + std::to_string(receiver.port()) + "/");
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &before), 0);
  EXPECT_EQ(exchange.own_fault, OwnFault::kDescriptors) << exchange.message;
  EXPECT_TRUE(name.own_fault.has_value()) << name.message;
}

}  // namespace
}  // namespace shakehook
