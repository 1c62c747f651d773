#include "store/sqlite/engine/top_k.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <random>

namespace shakehook::sqlite {
namespace {

struct Item {
  int key;
};

template <class Before>
std::vector<int> FirstOf(const std::vector<int>& keys, std::size_t most) {
  TopK<Item, &Item::key, Before> few;
  for (const int key : keys) {
    if (few.Wants(key, most)) few.Add({key}, most);
  }
  std::vector<int> kept;
  for (const Item& item : few.TakeInOrder()) kept.push_back(item.key);
  return kept;
}

TEST(TopK, AreTheSameInWhateverOrderTheyCome) {
  std::vector<int> keys(100);
  std::iota(keys.begin(), keys.end(), 0);
  std::mt19937 random(1);
  for (int round = 0; round < 20; ++round) {
    std::ranges::shuffle(keys, random);
    EXPECT_EQ(FirstOf<std::less<>>(keys, 3), (std::vector{0, 1, 2}));
    EXPECT_EQ(FirstOf<std::greater<>>(keys, 3), (std::vector{99, 98, 97}));
  }
}

TEST(TopK, AreAllWhereThereAreFewer) {
  EXPECT_EQ(FirstOf<std::less<>>({2, 1}, 3), (std::vector{1, 2}));
  EXPECT_EQ(FirstOf<std::less<>>({2, 1}, 0), std::vector<int>());
}

TEST(TopK, SayWhichIsTheLastOnceTheyAreEnough) {
  TopK<Item, &Item::key> few;
  few.Add({5}, 2);
  EXPECT_EQ(few.Last(2), nullptr);
  few.Add({7}, 2);
  EXPECT_EQ(few.Last(2)->key, 7);
  EXPECT_FALSE(few.Wants(7, 2));
  few.Add({1}, 2);
  EXPECT_EQ(few.Last(2)->key, 5);
}

}  // namespace
}  // namespace shakehook::sqlite
