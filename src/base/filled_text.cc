#include "base/filled_text.h"

#include "base/check.h"

namespace shakehook {

std::string FilledText(std::string_view words, std::string_view value) {
  const std::size_t place = words.find("{}");
  CHECK(place != std::string_view::npos);
  return std::string(words.substr(0, place)).append(value).append(words.substr(place + 2));
}

}  // namespace shakehook
