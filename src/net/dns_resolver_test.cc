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

// The simulated clock moves only when a test moves it. The cache uses it; c-ares waits by the real clock.
class DnsResolverTest : public testing::Test {
 protected:
  Async<> Ask(std::string host, std::optional<DnsAnswer>& answer) {
    DnsResolver::WaitId wait = 0;
    answer = co_await resolver_->Resolve(std::move(host), 1, wait);
  }

  // Runs the loop until there is an answer.
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
    if (!answer) return {answer.error().message};
    for (const auto& address : answer->addresses) texts.push_back(address.to_string());
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
    answer = co_await resolver.Resolve("silent.example", 1, wait);
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
  resolver_.reset();  // while a coroutine still waits
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
    auto answer = co_await resolver.Resolve(host, 1, wait);
    at = clock.Steady();
    co_return answer;
  };
  const auto ask_both = [](auto ask, Loop& loop, DnsResolver& resolver, Clock& clock, SteadyTime& silent,
                           std::string& reason) -> Async<> {
    const DnsAnswer answer = co_await ask(resolver, clock, "silent.example", silent);
    reason = answer ? "answered" : answer.error().message;
    EXPECT_TRUE(answer || !answer.error().own_fault);
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
    answer = co_await resolver.Resolve("any.example", 1, wait);
    loop.Stop();
  };
  loop.Spawn(ask(loop, resolver, answer));
  loop.Run();
  EXPECT_THAT(answer.value().error().message, HasSubstr("could not be reached"));
  EXPECT_EQ(answer.value().error().own_fault, OwnFault::kNameServers);
}

// For tests that really wait: c-ares and the timers use the same clock.
class DnsResolverInRealTime : public testing::Test {
 protected:
  struct Timed {
    DnsAnswer answer;
    Microseconds took{0};
  };

  Timed Resolve(const std::string& host) {
    const SteadyTime start = clock_.Steady();
    std::optional<DnsAnswer> answer;
    const auto ask = [](Loop& loop, DnsResolver& resolver, std::string host,
                        std::optional<DnsAnswer>& answer) -> Async<> {
      DnsResolver::WaitId wait = 0;
      answer = co_await resolver.Resolve(std::move(host), 1, wait);
      loop.Stop();
    };
    loop_.Spawn(ask(loop_, *resolver_, host, answer));
    loop_.context().restart();
    loop_.Run();
    return {*answer, clock_.Steady() - start};
  }

  void Ask(const std::string& servers, std::vector<std::string> domains = {}) {
    resolver_ = std::make_unique<DnsResolver>(
        loop_,
        DnsResolver::Options{.servers = servers,
                             .search = domains.empty() ? DnsResolver::Search::kNever : DnsResolver::Search::kDomains,
                             .domains = domains});
  }

  NameServer server_, other_;
  SystemClock clock_;
  Loop loop_{clock_};
  std::unique_ptr<DnsResolver> resolver_;
};

TEST_F(DnsResolverInRealTime, DoesNotWaitForAFamilyThatIsNeverAnswered) {
  Ask(server_.address());
  server_.Set("router.example", {.addresses = {"192.0.2.1"}, .ttl_seconds = 1, .silent_v6 = true});
  const Timed first = Resolve("router.example");
  ASSERT_TRUE(first.answer.has_value());
  EXPECT_FALSE(first.answer->complete);
  EXPECT_LT(first.took, Milliseconds(500));
  EXPECT_GE(first.took, Milliseconds(49));
  // Known by now: no request waits for that family again, neither during its lookup nor after.
  for (int i = 0; i < 3; ++i) {
    const Timed again = Resolve("router.example");
    ASSERT_TRUE(again.answer.has_value());
    EXPECT_LT(again.took, Milliseconds(40));
    SteadyTime at = clock_.Steady() + Milliseconds(i == 1 ? 3600 : 10);
    loop_.CallAt(at, [this] { loop_.Stop(); });
    loop_.context().restart();
    loop_.Run();
  }
}

TEST_F(DnsResolverInRealTime, RemembersASilentFirstServer) {
  server_.SetHealth(NameServer::Health::kSilent);
  for (int i = 0; i < 20; ++i) {
    other_.Set("n" + std::to_string(i) + ".example", {.addresses = {"192.0.2.1"}});
  }
  Ask(server_.address() + "," + other_.address());
  const Timed first = Resolve("n0.example");
  ASSERT_TRUE(first.answer.has_value());
  EXPECT_LT(first.took, Milliseconds(900));
  for (int i = 1; i < 20; ++i) {
    const Timed next = Resolve("n" + std::to_string(i) + ".example");
    ASSERT_TRUE(next.answer.has_value());
    EXPECT_LT(next.took, Milliseconds(200)) << i;
  }
}

TEST_F(DnsResolverInRealTime, TellsAServerThatIsSilentFromANameThatIs) {
  Ask(server_.address());
  server_.Set("silent.example", {.silent = true});
  const DnsAnswer name = Resolve("silent.example").answer;
  ASSERT_FALSE(name.has_value());
  EXPECT_FALSE(name.error().own_fault.has_value());
  server_.SetHealth(NameServer::Health::kSilent);
  const DnsAnswer server = Resolve("other.example").answer;
  ASSERT_FALSE(server.has_value());
  EXPECT_EQ(server.error().own_fault, OwnFault::kNameServers);
}

TEST_F(DnsResolverInRealTime, TellsAServerThatFailsFromANameThatDoes) {
  Ask(server_.address());
  server_.Set("broken.example", {.error = 2});
  const DnsAnswer name = Resolve("broken.example").answer;
  ASSERT_FALSE(name.has_value());
  EXPECT_FALSE(name.error().own_fault.has_value());
  Ask(other_.address());
  other_.SetHealth(NameServer::Health::kFails);
  const DnsAnswer server = Resolve("any.example").answer;
  ASSERT_FALSE(server.has_value());
  EXPECT_EQ(server.error().own_fault, OwnFault::kNameServers);
}

TEST_F(DnsResolverInRealTime, NeverLooksForANameWithADotElsewhere) {
  server_.Set("hooks.customer.example", {.addresses = {"192.0.2.1"}});
  server_.Set("hooks.customer.example.corp.example", {.addresses = {"192.0.2.66"}});
  server_.Set("gone.customer.example.corp.example", {.addresses = {"192.0.2.66"}});
  server_.Set("app.corp.example", {.addresses = {"192.0.2.2"}});
  server_.Set("my_app.second.example", {.addresses = {"192.0.2.3"}});
  server_.Set("bare", {.addresses = {"192.0.2.4"}});
  Ask(server_.address(), {"corp.example", "second.example"});
  EXPECT_EQ(Resolve("hooks.customer.example").answer->addresses[0].to_string(), "192.0.2.1");
  EXPECT_EQ(Resolve("gone.customer.example").answer.error().message, "The name gone.customer.example does not exist.");
  EXPECT_EQ(server_.queries("gone.customer.example.corp.example"), 0);
  EXPECT_EQ(Resolve("app").answer->addresses[0].to_string(), "192.0.2.2");
  EXPECT_EQ(Resolve("my_app").answer->addresses[0].to_string(), "192.0.2.3");
  EXPECT_EQ(Resolve("bare").answer->addresses[0].to_string(), "192.0.2.4");
  Ask(server_.address());
  EXPECT_FALSE(Resolve("app").answer.has_value());
}

}  // namespace
}  // namespace shakehook
