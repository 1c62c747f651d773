// A number as people and spreadsheets write it in a cell.
#pragma once

#include <expected>
#include <string>
#include <string_view>

#include "base/json.h"

namespace shakehook {

// The number, or why it is none. A text that could be two numbers is refused.
//
//   1200.5, 1e3, +5, 007        a decimal point
//   1200,5                      a decimal comma; not where columns are parted by commas and three digits follow (1,200)
//   1 200,50   1'200.50         thousands parted by a space of any kind or an apostrophe
//   1,200.50   1.200,50         both signs: the last is the decimal one
//   1,200,300  1.200.300        a sign that stands twice parts thousands
std::expected<Json, std::string> ReadImportNumber(std::string_view text, char delimiter);

}  // namespace shakehook
