#include "base/uuid.h"

#include <gtest/gtest.h>

namespace shakehook {
namespace {

TEST(Uuid, BeginsWithItsTimeAndNamesVersionAndVariant) {
  SeededRandom random(1);
  const Uuid uuid = Uuid::MakeV7(FromUnixMs(0x0191aabbccdd), random);
  const std::string text = uuid.ToString();
  EXPECT_EQ(text.substr(0, 13), "0191aabb-ccdd");
  EXPECT_EQ(text[14], '7');
  EXPECT_NE(std::string("89ab").find(text[19]), std::string::npos);
}

TEST(Uuid, ReadsBackWhatItPrints) {
  SeededRandom random(2);
  const Uuid uuid = Uuid::MakeV7(FromUnixMs(1'731'493'800'000), random);
  EXPECT_EQ(Uuid::Parse(uuid.ToString()), uuid);
}

TEST(Uuid, OfVersion7IsTakenApartAndPutTogether) {
  const auto uuid = Uuid::Parse("0191aabb-ccdd-7abc-b123-456789abcdef");
  const auto parts = uuid->ToV7();
  ASSERT_TRUE(parts);
  EXPECT_EQ(parts->time, FromUnixMs(0x0191aabbccdd));
  EXPECT_EQ(parts->head, 0xabcU);
  EXPECT_EQ(parts->tail, 0x3123456789abcdefU);
  EXPECT_EQ(Uuid::FromV7(*parts), *uuid);
}

TEST(Uuid, OfAnotherVersionOrVariantHasNoSuchParts) {
  EXPECT_FALSE(Uuid::Parse("0191aabb-ccdd-4abc-b123-456789abcdef")->ToV7());
  EXPECT_FALSE(Uuid::Parse("0191aabb-ccdd-7abc-c123-456789abcdef")->ToV7());
  EXPECT_FALSE(Uuid().ToV7());
}

TEST(Uuid, RefusesOtherTexts) {
  for (const char* text :
       {"", "0191aabb", "0191aabb-ccdd-7000-8000-00000000000", "0191aabb-ccdd-7000-8000-00000000000g",
        "0191aabbc-cdd-7000-8000-000000000000", "0191aabb-ccdd-7000-8000-0000000000001"}) {
    EXPECT_EQ(Uuid::Parse(text), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace shakehook
