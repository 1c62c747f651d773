// A listing under way. A filter may let few rows through, so that a page has to look at very many: it is collected over
// several reads, each a short transaction that looks at kScanRowsMax rows at most, so that no snapshot is held for long
// (it would keep the WAL from being reused) and other reads get their turn.
#pragma once

#include <cstddef>
#include <vector>

namespace shakehook::sqlite {

inline constexpr std::size_t kScanRowsMax = 10'000;
// After this many rows of other types than the wanted one, a read seeks the next row of that type.
inline constexpr std::size_t kOtherTypesMax = 512;

template <class Query, class Item>
struct Listing {
  Query query;  // its `before` or `after` moves on past the rows that were looked at
  std::vector<Item> page = {};

  bool full() const { return page.size() >= query.limit; }
};

enum class Progress { kGoesOn, kComplete };

}  // namespace shakehook::sqlite
