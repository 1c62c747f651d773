// Webhooks whose endpoints fail do not hold up the others: a request that can be delivered goes out first, and no burst
// of failing ones comes before the next.

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "delivery/fair_scheduler.h"
#include "testing/world/world.h"

namespace shakehook {
namespace {

constexpr int kFailing = 300;

class PartlyRefusingTransport final : public Transport {
 public:
  struct Sent {
    std::string host;
    std::string target;
    SteadyTime at;
  };

  explicit PartlyRefusingTransport(const Loop& loop) : loop_(loop) {}

  Async<Exchange> Post(PostRequest request) override {
    sent.push_back({request.url->host, request.url->target, loop_.clock().Steady()});
    if (request.url->host == "works.example") co_return Exchange{.response = PostResponse{.status = 204}};
    co_return Exchange{.failure = TransportFailure::kConnectionRefused, .message = "Connection refused."};
  }

  std::vector<Sent> sent;

 private:
  const Loop& loop_;
};

class FailingWebhooks : public testing::Test {
 protected:
  FailingWebhooks()
      : world_({.seed = 5, .lanes = 1, .make_transport = [this](Loop& loop, const AddressPolicy&) {
                  auto made = std::make_unique<PartlyRefusingTransport>(loop);
                  transport_ = made.get();
                  return made;
                }}) {
    world_.Call("POST", "/api/venues", R"({"id":"v","name":"V"})");
    for (int i = 0; i < kFailing; ++i) last_failing_ = MakeWebhook("fails.example/" + std::to_string(i));
    MakeWebhook("works.example/");
    MakeContact("a");
    world_.Run(Milliseconds(500));  // before the first retry
    EXPECT_EQ(transport_->sent.size(), kFailing + 1U);
    transport_->sent.clear();
  }

  // Returns its id.
  std::string MakeWebhook(const std::string& url) {
    const auto made = world_.Call(
        "POST", "/api/webhooks",
        R"({"name":"W","url":"https://)" + url + R"(","scope":{"venue_id":"v"},"events":["contact.created"]})");
    return made.Text("id");
  }
  void MakeContact(const std::string& id) {
    EXPECT_EQ(world_.Call("POST", "/api/venues/v/contacts", R"({"id":")" + id + R"("})").status, 201);
  }

  PartlyRefusingTransport* transport_ = nullptr;
  World world_;
  std::string last_failing_;
};

TEST_F(FailingWebhooks, GoAfterAllOthersAndAFewAtATime) {
  MakeContact("b");
  world_.Run(Milliseconds(500));
  ASSERT_EQ(transport_->sent.size(), kFailing + 1U);
  EXPECT_EQ(transport_->sent.front().host, "works.example") << "though it was owed last";
  std::map<SteadyTime, std::size_t> at_once;
  for (const auto& sent : transport_->sent) ++at_once[sent.at];
  for (const auto& [at, count] : at_once) EXPECT_LE(count, 1 + kFailing / FairScheduler::kShareOf);
}

TEST_F(FailingWebhooks, LetWhatIsSentByHandGoFirst) {
  MakeContact("b");
  const SteadyTime before = world_.clock().Steady();
  const auto tested = world_.Call("POST", "/api/webhooks/" + last_failing_ + "/test", R"({"event":"contact.created"})");
  EXPECT_EQ(tested.status, 201) << tested.body;
  const auto by_hand = [](const auto& sent) { return sent.target == "/" + std::to_string(kFailing - 1); };
  ASSERT_TRUE(std::ranges::any_of(transport_->sent, by_hand));
  EXPECT_EQ(world_.clock().Steady(), before) << "the test says nothing";
  world_.Run(Milliseconds(500));
  EXPECT_EQ(std::ranges::count_if(transport_->sent, by_hand), 2) << "the test, and the contact in its turn";
}

}  // namespace
}  // namespace shakehook
