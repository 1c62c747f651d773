#include "store/sqlite/tables/stored_delivery_ids.h"

#include <gtest/gtest.h>

namespace shakehook::sqlite {
namespace {

constexpr DeliveryIds::Key kKey = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16};
constexpr Timestamp kTime = FromUnixMs(1'731'493'800'000);

TEST(StoredDeliveryIds, AreStoredOnlyWhereTheyAreNotTheComputedOnes) {
  const StoredDeliveryIds ids(kKey);
  const DeliveryKey key{{5}, {6}};
  const DeliveryId computed = *ids.Compute(key, kTime);
  EXPECT_TRUE(ids.ToStored(computed, key, kTime).bytes.empty());
  EXPECT_EQ(ids.FromStored({}, key, kTime), computed);
  SeededRandom random(2);
  const DeliveryId given{Uuid::MakeV7(kTime, random)};
  EXPECT_EQ(ids.FromStored(ids.ToStored(given, key, kTime).bytes, key, kTime), given);
}

TEST(StoredDeliveryIds, AreStoredWhereTheNumbersAreTooLarge) {
  const StoredDeliveryIds ids(kKey);
  SeededRandom random(1);
  const DeliveryId given{Uuid::MakeV7(kTime, random)};
  EXPECT_EQ(ids.ToStored(given, {{std::int64_t{1} << 44}, {1}}, kTime).bytes.size(), 16U);
}

}  // namespace
}  // namespace shakehook::sqlite
