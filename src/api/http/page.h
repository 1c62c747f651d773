// Pages of a list: `{"data": [...], "next_cursor": "..." | null}`, `limit` and `cursor` (CONTRACT §4). A cursor is
// opaque outside; inside it is the key of the page's last item, with the name of its list, so that one list's cursor is
// refused by another.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "api/http/parameter_reader.h"
#include "api/http/problem.h"

namespace shakehook {

inline constexpr std::size_t kPageItemsMax = 200;
inline constexpr std::size_t kPageItems = 50;

struct PageRequest {
  std::string list;  // its name inside the cursor
  std::size_t limit = kPageItems;
  std::string after;  // the cursor's content; empty: the first page
};

// Reads `limit` and `cursor`. `list` names the list inside the cursor ("contacts"); `is_key` tells whether a text can
// be a key of the list.
PageRequest ReadPage(ParameterReader& parameters, std::string_view list,
                     const std::function<bool(std::string_view)>& is_key);

// Builds a list's body. The store is asked for limit + 1 items, so that it is known whether there is a next page.
class PageBody {
 public:
  // Reserves memory for items that have this many bytes together.
  void Reserve(std::size_t bytes) { body_.reserve(bytes + kFrameBytes); }
  // `item` is compact JSON.
  void Add(std::string_view item);
  // `last_key`: the key of the page's last item, if there are more items after it.
  // `total`: how many items the whole list has, where that is known.
  std::string Finish(std::string_view list, const std::optional<std::string>& last_key,
                     std::optional<std::size_t> total = std::nullopt);

 private:
  static constexpr std::size_t kFrameBytes = 1024;  // with commas and cursor

  std::string body_ = "{\"data\":[";
  bool empty_ = true;
};

std::string EncodeCursor(std::string_view list, std::string_view key);

// Returns how many of `found` items (asked with limit + 1) belong to the page.
inline std::size_t PageSize(std::size_t found, std::size_t limit) { return found < limit ? found : limit; }

}  // namespace shakehook
