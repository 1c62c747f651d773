// Done is the value of a result that carries none, so that every result that may be a refusal is a std::expected<T, E>.
#pragma once

#include <expected>

namespace shakehook {

struct Done {
  bool operator==(const Done&) const = default;
};

}  // namespace shakehook
