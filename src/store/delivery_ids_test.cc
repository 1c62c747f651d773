#include "store/delivery_ids.h"

#include <gtest/gtest.h>

#include <bit>
#include <set>

namespace shakehook {
namespace {

constexpr DeliveryIds::Key kKey = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16};
constexpr Timestamp kTime = FromUnixMs(1'731'493'800'000);
constexpr std::int64_t kPositionMax = (std::int64_t{1} << 44) - 1;
constexpr std::int64_t kWebhookMax = (std::int64_t{1} << 30) - 1;

TEST(DeliveryIds, AreUuidsOfVersion7WithTheTimeOfTheirMaking) {
  const auto id = DeliveryIds(kKey).Compute({{1}, {1}}, kTime);
  ASSERT_TRUE(id);
  const auto parts = id->uuid.ToV7();
  ASSERT_TRUE(parts);
  EXPECT_EQ(parts->time, kTime);
}

TEST(DeliveryIds, LeadBackToTheirDelivery) {
  const DeliveryIds ids(kKey);
  for (const DeliveryKey key : {DeliveryKey{{0}, {0}}, DeliveryKey{{1}, {1}}, DeliveryKey{{127}, {kWebhookMax}},
                                DeliveryKey{{128}, {0}}, DeliveryKey{{kPositionMax}, {kWebhookMax}}}) {
    const auto id = ids.Compute(key, kTime);
    ASSERT_TRUE(id);
    EXPECT_EQ(ids.KeyOf(*id), key);
  }
}

// Receivers keep these ids to recognise repetitions, so they must not change with a version of this program.
TEST(DeliveryIds, StayAsTheyAre) {
  EXPECT_EQ(DeliveryIds(kKey).Compute({{123'456}, {78}}, kTime)->ToString(), "01932512-a840-7550-bd4d-ba0254ef1490");
}

TEST(DeliveryIds, DifferWhereverTheirDeliveriesDo) {
  const DeliveryIds ids(kKey);
  std::set<DeliveryId> seen;
  for (std::int64_t position = 0; position < 300; ++position) {
    for (std::int64_t webhook = 0; webhook < 300; ++webhook) seen.insert(*ids.Compute({{position}, {webhook}}, kTime));
  }
  EXPECT_EQ(seen.size(), 90'000U);
}

// Half of the 74 bits change, whichever bit of a delivery's numbers, of its time or of the key changes.
TEST(DeliveryIds, OfNeighboursHaveNothingInCommon) {
  const auto bits_apart = [](DeliveryId one, DeliveryId other) {
    int bits = 0;
    for (std::size_t i = 6; i < one.uuid.bytes.size(); ++i) {
      bits += std::popcount(static_cast<unsigned>(one.uuid.bytes[i] ^ other.uuid.bytes[i]));
    }
    return bits;
  };
  DeliveryIds::Key other_key = kKey;
  other_key[15] ^= 1;
  int total = 0;
  constexpr int kPositions = 1'000;
  for (std::int64_t position = 0; position < kPositions; ++position) {
    const DeliveryIds ids(kKey);
    const DeliveryId id = *ids.Compute({{position}, {1}}, kTime);
    for (const DeliveryId neighbour :
         {*ids.Compute({{position + 1}, {1}}, kTime), *ids.Compute({{position}, {2}}, kTime),
          *ids.Compute({{position}, {1}}, kTime + Milliseconds(1)),
          *DeliveryIds(other_key).Compute({{position}, {1}}, kTime)}) {
      const int bits = bits_apart(id, neighbour);
      EXPECT_GT(bits, 10);
      total += bits;
    }
  }
  EXPECT_NEAR(static_cast<double>(total) / (4 * kPositions), 37, 0.5);
}

TEST(DeliveryIds, AreNotComputedWhereTheNumbersAreTooLarge) {
  const DeliveryIds ids(kKey);
  EXPECT_FALSE(ids.Compute({{kPositionMax + 1}, {1}}, kTime));
  EXPECT_FALSE(ids.Compute({{1}, {kWebhookMax + 1}}, kTime));
}

}  // namespace
}  // namespace shakehook
