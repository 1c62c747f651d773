#include "store/sqlite/tables/position_list.h"

#include <gtest/gtest.h>

#include <limits>

namespace shakehook::sqlite {
namespace {

using Positions = std::vector<Position>;

TEST(PositionList, IsWrittenAsItsHeaderSays) {
  EXPECT_EQ(EncodePositions(Positions{{1000}, {1001}, {1300}}), "\xe8\x07\x01\xab\x02");
  EXPECT_EQ(EncodePositions(Positions{}), "");
}

TEST(PositionList, IsReadAsItWasWritten) {
  const Positions lists[] = {
      {}, {{1}}, {{127}, {128}, {129}}, {{1}, {16'384}, {2'097'152}, {std::numeric_limits<std::int64_t>::max()}}};
  for (const Positions& list : lists) EXPECT_EQ(DecodePositions(EncodePositions(list)), list);
}

TEST(PositionList, TakesAByteForANeighbour) {
  Positions list;
  for (std::int64_t i = 0; i < 256; ++i) list.push_back({1'000'000'000 + i});
  EXPECT_EQ(EncodePositions(list).size(), 5u + 255u);
}

TEST(PositionList, FindsAndRemovesAPosition) {
  Positions list = {{3}, {5}, {8}};
  EXPECT_TRUE(HasPosition(list, {5}));
  EXPECT_FALSE(HasPosition(list, {4}));
  EXPECT_FALSE(RemovePosition(list, {4}));
  EXPECT_TRUE(RemovePosition(list, {5}));
  EXPECT_TRUE(RemovePosition(list, {3}));
  EXPECT_TRUE(RemovePosition(list, {8}));
  EXPECT_TRUE(list.empty());
  EXPECT_FALSE(RemovePosition(list, {8}));
}

}  // namespace
}  // namespace shakehook::sqlite
