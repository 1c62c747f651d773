// The word for "done": a result that carries no value, so that std::expected<Done, E> reads well and std::expected<T,
// E> is the one shape of every answer that may be a refusal.
#pragma once

#include <expected>

namespace shakehook {

struct Done {
  bool operator==(const Done&) const = default;
};

}  // namespace shakehook
