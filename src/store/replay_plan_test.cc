#include "store/replay_plan.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>

namespace shakehook {
namespace {

constexpr Position kEndless{std::numeric_limits<std::int64_t>::max()};

// The next rows, of which every `fits_every`th fits; 0: none.
ReplayedRows RowsAfter(const ReplayRange& range, std::size_t count, std::int64_t fits_every) {
  ReplayedRows found{.rows = {}, .until = {range.after.value + static_cast<std::int64_t>(count)}};
  for (std::int64_t at = range.after.value + 1; at <= found.until.value; ++at) {
    found.rows.push_back({.position = {at}, .fits = fits_every != 0 && at % fits_every == 0});
  }
  return found;
}

TEST(ReplayLook, EndsItsPageAtTheLastThatThereIsRoomFor) {
  ReplayLook look({{0}, {1'000}}, 3);
  while (look.wants_more()) look.Add(RowsAfter(look.range(), look.rows_at_once(), 10));
  EXPECT_EQ(look.page().ended, (std::vector<Position>{{10}, {20}, {30}}));
  EXPECT_EQ(look.page().looked_until, Position{30});
}

TEST(ReplayLook, LooksAtABoundedNumberOfRowsThoughNoneFits) {
  ReplayLook look({{0}, kEndless}, 100);
  int reads = 0;
  for (; look.wants_more() && reads < 1'000; ++reads) look.Add(RowsAfter(look.range(), look.rows_at_once(), 0));
  EXPECT_LT(reads, 100);
  EXPECT_EQ(look.page().size(), 0u);
  EXPECT_GT(look.page().looked_until.value, 1'000);
}

TEST(ReplayLook, PutsTheKindsInEventOrderAndLeavesWhatMayHaveSomethingBeforeIt) {
  ReplayLook look({{0}, {50}}, 10);
  look.Add({.rows = {{.position = {30}, .fits = true},
                     {.position = {40}, .fits = true},
                     {.position = {20}, .missing = true, .fits = true}},
            .until = {35}});
  EXPECT_EQ(look.page().ended, (std::vector<Position>{{30}}));
  EXPECT_EQ(look.page().missing, (std::vector<Position>{{20}}));
  EXPECT_EQ(look.page().looked_until, Position{35});
  EXPECT_EQ(look.range().after, Position{35});
}

}  // namespace
}  // namespace shakehook
