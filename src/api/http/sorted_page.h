// Pages of a list that is in memory, in the order that the caller chooses: `sort` names it, after a "-" descending.
// Without it the list is in the order of its ids, as it always was, and is not counted.
#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "api/http/page_response.h"

namespace shakehook {

struct SortOrder {
  std::string_view by;  // empty: the id
  bool descending = false;
};

// Reads `sort`, which must be one of `names`, or one of them after a "-".
SortOrder ReadSort(ParameterReader& parameters, std::span<const std::string_view> names);

// Returns a text that is ordered as the number is; a negative one counts as 0.
std::string SortableNumber(std::int64_t number);

// Collects the whole list, and responds with the page of it that was asked for.
template <class Item>
class SortedPage {
 public:
  SortedPage(PageRequest page, SortOrder order) : page_(std::move(page)), order_(order), counted_(!order.by.empty()) {}

  // Counts the list too if it is in the order of ids; in any other order it is counted anyway.
  void Count() { counted_ = true; }
  // `key`: the item's place in the order, ignored where that is the id; `id`: unique in the list.
  void Add(std::string_view key, const std::string& id, Item item) {
    ++total_;
    std::string place = order_.by.empty() ? id : std::string(key) + '\n' + id;
    const bool seen = !page_.after.empty() && (order_.descending ? place >= page_.after : place <= page_.after);
    if (!seen) rows_.emplace_back(std::move(place), std::move(item));
  }

  // Responds with the page. `item_of` makes the JSON of an item (page_response.h).
  template <class ItemOf>
  Async<HttpResponse> Respond(Loop& loop, ItemOf item_of) {
    const auto place = [](const Row& row) -> const std::string& { return row.first; };
    const auto end = rows_.begin() + static_cast<std::ptrdiff_t>(PageSize(rows_.size(), page_.limit));
    if (order_.descending) {
      std::ranges::partial_sort(rows_, end, std::greater(), place);
    } else {
      std::ranges::partial_sort(rows_, end, std::less(), place);
    }
    co_return co_await RespondWithPage(loop, page_, std::move(rows_),
                                       [&](const Row& row) { return item_of(row.second); }, place,
                                       {.total = counted_ ? std::optional(total_) : std::nullopt});
  }

 private:
  using Row = std::pair<std::string, Item>;

  const PageRequest page_;
  const SortOrder order_;
  bool counted_;
  std::size_t total_ = 0;
  std::vector<Row> rows_;
};

}  // namespace shakehook
