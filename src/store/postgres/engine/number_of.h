// Enumerators in the text of a statement, where an index needs its condition word for word.
//
// Threads: any.
#pragma once

#include <cstdint>
#include <string>
#include <type_traits>

namespace shakehook::postgres {

// Returns the stored number of an enumerator.
template <class Enum>
  requires std::is_enum_v<Enum>
std::string NumberOf(Enum enumerator) {
  return std::to_string(static_cast<std::int64_t>(enumerator));
}

}  // namespace shakehook::postgres
