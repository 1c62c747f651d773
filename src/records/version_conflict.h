// The retry loop for version conflicts: if a record has changed since it was read, it is read, built and stored again.
// This is the only loop that does so.
#pragma once

#include <optional>
#include <type_traits>

namespace shakehook {

// This many edits of one thing may run at once without one of them being refused.
inline constexpr int kChangeAttemptsMax = 64;

// Runs `attempt(conflicts)` until it returns a value, kChangeAttemptsMax times at most. It returns an
// Async<std::optional<T>>: nullopt says that the store refused the change as stale; `conflicts` counts these refusals.
// Returns nullopt if every attempt ended in a conflict.
template <class Attempt>
std::invoke_result_t<Attempt&, int> RetryOnVersionConflict(Attempt attempt) {
  for (int conflicts = 0; conflicts < kChangeAttemptsMax; ++conflicts) {
    if (auto result = co_await attempt(conflicts)) co_return result;
  }
  co_return std::nullopt;
}

}  // namespace shakehook
