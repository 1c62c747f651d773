#include "net/dns_resolver.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/clock.h"
#include "testing/name_server.h"
#include "testing/simulated_clock.h"

namespace shakehook {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

// Time stands still until a test moves it: what the cache keeps is judged by the simulated clock, what c-ares waits for
// by the real one.
class DnsResolverTest : public testing::Test {
 protected:
  Async<> Ask(std::string host, std::optional<DnsAnswer>& answer) {
    DnsResolver::WaitId wait = 0;
    answer = co_await resolver_->Resolve(std::move(host), wait);
  }

  // Runs the loop until `answer` is there.
  void RunUntil(const std::optional<DnsAnswer>& answer) {
    while (!answer) {
      loop_.Poll();
      if (!answer) loop_.context().run_one();
    }
  }

  DnsAnswer Resolve(const std::string& host) {
    std::optional<DnsAnswer> answer;
    loop_.Spawn(Ask(host, answer));
    RunUntil(answer);
    return *answer;
  }

  static std::vector<std::string> Texts(const DnsAnswer& answer) {
    std::vector<std::string> texts;
    if (!answer) return {answer.error()};
    for (const auto& address : *answer) texts.push_back(address.to_string());
    return texts;
  }

  NameServer server_;
  SimulatedClock clock_;
  Loop loop_{clock_};
  std::unique_ptr<DnsResolver> resolver_ =
      std::make_unique<DnsResolver>(loop_, DnsResolver::Options{.servers = server_.address()});
};

TEST_F(DnsResolverTest, FindsAddressesOfBothFamiliesIPv4First) {
  server_.Set("both.example", {.addresses = {"2606:4700::1", "192.0.2.1", "192.0.2.2"}});
  server_.Set("four.example", {.addresses = {"192.0.2.4"}});
  server_.Set("six.example", {.addresses = {"2606:4700::6"}});
  EXPECT_THAT(Texts(Resolve("both.example")), ElementsAre("192.0.2.1", "192.0.2.2", "2606:4700::1"));
  EXPECT_THAT(Texts(Resolve("four.example")), ElementsAre("192.0.2.4"));
  EXPECT_THAT(Texts(Resolve("six.example")), ElementsAre("2606:4700::6"));
}

TEST_F(DnsResolverTest, SaysWhyThereIsNoAddress) {
  server_.Set("empty.example", {});
  server_.Set("broken.example", {.error = 2});
  server_.Set("refused.example", {.error = 5});
  EXPECT_THAT(Texts(Resolve("missing.example")), ElementsAre("The name missing.example does not exist."));
  EXPECT_THAT(Texts(Resolve("empty.example")), ElementsAre(HasSubstr("The name empty.example")));
  EXPECT_FALSE(Resolve("broken.example").has_value());
  EXPECT_FALSE(Resolve("refused.example").has_value());
}

TEST_F(DnsResolverTest, KeepsAnAnswerForItsTimeToLiveWithinBounds) {
  const struct {
    std::string name;
    std::uint32_t ttl_seconds;
    Milliseconds kept;
  } cases[] = {{"zero.example", 0, Milliseconds(1000)},
               {"ten.example", 10, Milliseconds(10'000)},
               {"week.example", 604'800, Milliseconds(60'000)}};
  for (const auto& expected : cases) {
    server_.Set(expected.name, {.addresses = {"192.0.2.1"}, .ttl_seconds = expected.ttl_seconds});
    Resolve(expected.name);
    const int queries = server_.queries(expected.name);
    clock_.Advance(expected.kept - Milliseconds(1));
    Resolve(expected.name);
    EXPECT_EQ(server_.queries(expected.name), queries) << expected.name;
    clock_.Advance(Milliseconds(1));
    Resolve(expected.name);
    EXPECT_GT(server_.queries(expected.name), queries) << expected.name;
  }
}

TEST_F(DnsResolverTest, KeepsAFailureForASecond) {
  EXPECT_FALSE(Resolve("later.example").has_value());
  server_.Set("later.example", {.addresses = {"192.0.2.1"}});
  clock_.Advance(Milliseconds(999));
  EXPECT_FALSE(Resolve("later.example").has_value());
  clock_.Advance(Milliseconds(1));
  EXPECT_TRUE(Resolve("later.example").has_value());
}

TEST_F(DnsResolverTest, LooksANameUpOnceForAllWhoWait) {
  server_.Set("busy.example", {.addresses = {"192.0.2.1"}});
  std::vector<std::optional<DnsAnswer>> answers(100);
  for (auto& answer : answers) loop_.Spawn(Ask("busy.example", answer));
  for (const auto& answer : answers) {
    RunUntil(answer);
    EXPECT_THAT(Texts(*answer), ElementsAre("192.0.2.1"));
  }
  EXPECT_EQ(server_.queries("busy.example"), 2);  // one for each family
}

TEST_F(DnsResolverTest, LetsOneWaiterGoWhileTheLookupGoesOn) {
  server_.Set("silent.example", {.silent = true});
  DnsResolver::WaitId first = 0;
  std::optional<DnsAnswer> answer, other;
  const auto ask = [](DnsResolver& resolver, DnsResolver::WaitId& wait, std::optional<DnsAnswer>& answer) -> Async<> {
    answer = co_await resolver.Resolve("silent.example", wait);
  };
  loop_.Spawn(ask(*resolver_, first, answer));
  loop_.Spawn(Ask("silent.example", other));
  loop_.Poll();
  ASSERT_NE(first, 0u);
  resolver_->Cancel(first);
  resolver_->Cancel(first);
  resolver_->Cancel(12345);
  loop_.Poll();
  ASSERT_TRUE(answer.has_value());
  EXPECT_FALSE(answer->has_value());
  EXPECT_FALSE(other.has_value());
  resolver_.reset();  // with a coroutine that still waits
}

TEST(DnsResolver, GivesUpOnASilentServerInSecondsWhileOthersAreServed) {
  NameServer server;
  server.Set("silent.example", {.silent = true});
  server.Set("quick.example", {.addresses = {"192.0.2.1"}});
  SystemClock clock;
  Loop loop(clock);
  DnsResolver resolver(loop, {.servers = server.address()});
  const SteadyTime start = clock.Steady();
  SteadyTime quick, silent;
  std::string reason;
  const auto ask = [](DnsResolver& resolver, Clock& clock, std::string host, SteadyTime& at) -> Async<DnsAnswer> {
    DnsResolver::WaitId wait = 0;
    auto answer = co_await resolver.Resolve(host, wait);
    at = clock.Steady();
    co_return answer;
  };
  const auto ask_both = [](auto ask, Loop& loop, DnsResolver& resolver, Clock& clock, SteadyTime& silent,
                           std::string& reason) -> Async<> {
    const DnsAnswer answer = co_await ask(resolver, clock, "silent.example", silent);
    reason = answer ? "answered" : answer.error();
    loop.Stop();
  };
  const auto ask_quick = [](auto ask, DnsResolver& resolver, Clock& clock, SteadyTime& quick) -> Async<> {
    const DnsAnswer answer = co_await ask(resolver, clock, "quick.example", quick);
    EXPECT_TRUE(answer.has_value());
  };
  loop.Spawn(ask_both(ask, loop, resolver, clock, silent, reason));
  loop.Spawn(ask_quick(ask, resolver, clock, quick));
  loop.Run();
  EXPECT_THAT(reason, HasSubstr("did not answer for silent.example"));
  EXPECT_LT(silent - start, std::chrono::seconds(5));
  EXPECT_LT(quick - start, std::chrono::milliseconds(900));
}

TEST(DnsResolver, FailsAtOnceWhereNoServerListens) {
  std::string address;
  {
    const NameServer gone;
    address = gone.address();
  }
  SystemClock clock;
  Loop loop(clock);
  DnsResolver resolver(loop, {.servers = address});
  std::optional<DnsAnswer> answer;
  const auto ask = [](Loop& loop, DnsResolver& resolver, std::optional<DnsAnswer>& answer) -> Async<> {
    DnsResolver::WaitId wait = 0;
    answer = co_await resolver.Resolve("any.example", wait);
    loop.Stop();
  };
  loop.Spawn(ask(loop, resolver, answer));
  loop.Run();
  EXPECT_THAT(answer.value().error(), HasSubstr("could not be reached"));
}

}  // namespace
}  // namespace shakehook
