// Many attempts at once that end without a wait (a forbidden address, a name that is known not to resolve) must not
// nest one inside the other.

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>

#include "testing/world/world.h"

namespace shakehook {
namespace {

constexpr int kWebhooks = 1'000;
constexpr std::uintptr_t kStackBytesMax = 32 * 1024;

class RefusingTransport final : public Transport {
 public:
  Async<Exchange> Post(PostRequest) override {
    LookAtTheStack();
    co_return Exchange{.failure = TransportFailure::kForbiddenAddress, .message = "The address is private."};
  }

  int posts = 0;
  std::uintptr_t lowest = UINTPTR_MAX, highest = 0;

 private:
  [[gnu::noinline]] void LookAtTheStack() {
    const auto here = reinterpret_cast<std::uintptr_t>(__builtin_frame_address(0));
    lowest = std::min(lowest, here);
    highest = std::max(highest, here);
    ++posts;
  }
};

TEST(ImmediateFailures, OfAThousandWebhooksAreRecordedOneAfterTheOther) {
  RefusingTransport* transport = nullptr;
  World world({.seed = 3, .lanes = 1, .make_transport = [&](Loop&, const AddressPolicy&) {
                 auto made = std::make_unique<RefusingTransport>();
                 transport = made.get();
                 return made;
               }});
  world.Call("POST", "/api/venues", R"({"id":"v","name":"V"})");
  for (int i = 0; i < kWebhooks; ++i) {
    world.Call(
        "POST", "/api/webhooks",
        R"({"name":"W","url":"https://receiver.example/","scope":{"venue_id":"v"},"events":["contact.created"]})");
  }
  ASSERT_EQ(world.Call("POST", "/api/venues/v/contacts/batch", R"([{"id":"a"},{"id":"b"},{"id":"c"}])").status, 200);
  world.Run(Milliseconds(1'000));
  EXPECT_EQ(transport->posts, 3 * kWebhooks);
  EXPECT_LT(transport->highest - transport->lowest, kStackBytesMax);
  const Json deliveries = world.Call("GET", "/api/deliveries?status=pending&limit=200").json();
  ASSERT_EQ(deliveries.Find("data")->array()->size(), 200U);
  for (const Json& delivery : *deliveries.Find("data")->array())
    EXPECT_EQ(delivery.Find("attempt_count")->integer(), 1);
}

}  // namespace
}  // namespace shakehook
