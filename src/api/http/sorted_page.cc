#include "api/http/sorted_page.h"

namespace shakehook {

SortOrder ReadSort(ParameterReader& parameters, std::span<const std::string_view> names) {
  const std::string* const sort = parameters.Any("sort");
  if (sort == nullptr) return {};
  const bool descending = sort->starts_with('-');
  const auto found = std::ranges::find(names, std::string_view(*sort).substr(descending ? 1 : 0));
  if (found != names.end()) return {.by = *found, .descending = descending};
  std::string choices;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (i > 0) choices += i + 1 == names.size() ? " or " : ", ";
    choices += names[i];
  }
  parameters.Refuse("sort", {"not_one_of", "must be {choices}, or one of them after a \"-\"", choices});
  return {};
}

std::string SortableNumber(std::int64_t number) {
  constexpr std::size_t kDigits = 19;
  const std::string digits = std::to_string(std::max<std::int64_t>(0, number));
  return std::string(kDigits - digits.size(), '0') + digits;
}

}  // namespace shakehook
