#include "store/postgres/engine/statement.h"

#include <charconv>

namespace shakehook::postgres {

std::int64_t Results::Changed(ChangePlace place) const {
  const std::string_view text = PQcmdTuples(results_[place.index].get());
  std::int64_t changed = 0;
  std::from_chars(text.data(), text.data() + text.size(), changed);  // a statement that changes no rows says nothing
  return changed;
}

}  // namespace shakehook::postgres
