// A number as people and spreadsheets write it in a cell.
#pragma once

#include <expected>
#include <string_view>

#include "base/complaint.h"
#include "base/json.h"

namespace shakehook {

// Returns the number, or why the text is not one. A text that could be two numbers is refused.
//
//   1200.5, 1e3, +5, 007        a decimal point
//   1200,5                      a decimal comma; not if commas separate the columns and three digits follow (1,200)
//   1 200,50   1'200.50         thousands separated by a space of any kind or an apostrophe
//   1,200.50   1.200,50         both signs: the last is the decimal one
//   1,200,300  1.200.300        a sign that occurs twice separates thousands
std::expected<Json, Complaint> ReadImportNumber(std::string_view text, char delimiter);

}  // namespace shakehook
