// Webhooks whose endpoints fail leave the lane to the others: a request that can be delivered goes out first, and no
// burst of theirs comes before the next.

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "delivery/turns.h"
#include "testing/world/world.h"

namespace shakehook {
namespace {

constexpr int kFailing = 300;

class PartlyRefusingTransport final : public Transport {
 public:
  struct Sent {
    std::string host;
    SteadyTime at;
  };

  explicit PartlyRefusingTransport(const Loop& loop) : loop_(loop) {}

  Async<Exchange> Post(PostRequest request) override {
    sent.push_back({request.url->host, loop_.clock().Steady()});
    if (request.url->host == "works.example") co_return Exchange{.answer = PostAnswer{.status = 204}};
    co_return Exchange{.failure = TransportFailure::kConnectionRefused, .message = "Connection refused."};
  }

  std::vector<Sent> sent;

 private:
  const Loop& loop_;
};

TEST(FailingWebhooks, GoAfterAllOthersAndAFewAtATime) {
  PartlyRefusingTransport* transport = nullptr;
  World world({.seed = 5, .lanes = 1, .make_transport = [&](Loop& loop, const AddressPolicy&) {
                 auto made = std::make_unique<PartlyRefusingTransport>(loop);
                 transport = made.get();
                 return made;
               }});
  const auto make_webhook = [&](const std::string& host) {
    world.Call(
        "POST", "/api/webhooks",
        R"({"name":"W","url":"https://)" + host + R"(/","scope":{"venue_id":"v"},"events":["contact.created"]})");
  };
  world.Call("POST", "/api/venues", R"({"id":"v","name":"V"})");
  for (int i = 0; i < kFailing; ++i) make_webhook("fails.example");
  make_webhook("works.example");
  ASSERT_EQ(world.Call("POST", "/api/venues/v/contacts", R"({"id":"a"})").status, 201);
  world.Run(Milliseconds(500));  // before the first retry
  ASSERT_EQ(transport->sent.size(), kFailing + 1U);

  transport->sent.clear();
  ASSERT_EQ(world.Call("POST", "/api/venues/v/contacts", R"({"id":"b"})").status, 201);
  world.Run(Milliseconds(500));
  ASSERT_EQ(transport->sent.size(), kFailing + 1U);
  EXPECT_EQ(transport->sent.front().host, "works.example") << "though it was owed last";
  std::map<SteadyTime, std::size_t> at_once;
  for (const auto& sent : transport->sent) ++at_once[sent.at];
  for (const auto& [at, count] : at_once) EXPECT_LE(count, 1 + kFailing / Turns::kShareOf);
}

}  // namespace
}  // namespace shakehook
