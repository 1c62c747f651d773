// RespondWithPage answers with a page of a list: the only place that cuts the rows at the page's end and makes the
// cursor of the next one.
//
//   co_return co_await RespondWithPage(request.loop, page, std::move(rows), [](const Row& row) { return RowJson(row);
//   },
//                                      kById);
#pragma once

#include <concepts>
#include <cstddef>
#include <optional>
#include <string>
#include <utility>

#include "api/http/page.h"
#include "api/http/response.h"
#include "base/json.h"
#include "base/loop_turn.h"

namespace shakehook {

struct PageFacts {
  std::size_t bytes = 0;                            // about how many the items have together; 0: not known
  std::optional<std::size_t> total = std::nullopt;  // how many items the whole list has, where that is known
};

// The key of a row that has an id, or points to what has one.
inline constexpr auto kById = [](const auto& row) -> std::string {
  if constexpr (requires { row->id; }) {
    if constexpr (requires { row->id.text; }) {
      return row->id.text;
    } else {
      return row->id.ToString();
    }
  } else if constexpr (requires { row.id.text; }) {
    return row.id.text;
  } else {
    return row.id.ToString();
  }
};

// The text of an item.
inline std::string ToItem(std::string item) { return item; }
inline std::string ToItem(const Json& item) { return ToString(item); }

// Responds with the first page.limit of `rows`, for which the store was asked for one more. `item_of` makes the JSON of
// a row, as Json or as text, and may take the row apart; a row for which it returns nullopt is left out. `key_of` gives
// the key that the cursor of the next page contains. Works in turns of `loop`, on which the caller runs.
template <class Rows, class ItemOf, class KeyOf>
Async<HttpResponse> RespondWithPage(Loop& loop, const PageRequest& page, Rows rows, ItemOf item_of, KeyOf key_of,
                                    PageFacts facts = {}) {
  // An item is made, written and copied.
  constexpr std::size_t kWorkPerByte = 3;
  const std::size_t size = PageSize(rows.size(), page.limit);
  std::optional<std::string> last_key;
  if (rows.size() > size) last_key = key_of(std::as_const(rows[size - 1]));
  PageBody body;
  if (facts.bytes > 0) body.Reserve(facts.bytes);
  TurnBudget budget;
  for (std::size_t i = 0; i < size; ++i) {
    auto made = item_of(rows[i]);
    std::string item;
    if constexpr (std::same_as<decltype(made), std::optional<std::string>>) {
      if (!made) continue;
      item = *std::move(made);
    } else {
      item = ToItem(std::move(made));
    }
    body.Add(item);
    if (budget.Spend(kWorkPerByte * item.size())) co_await NextTurn(loop);
  }
  co_return JsonResponse(200, body.Finish(page.list, last_key, facts.total));
}

}  // namespace shakehook
