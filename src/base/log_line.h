// The text of a log line, in both formats, without time and level. It is always one line, whatever the values contain.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "base/log.h"

namespace shakehook {

// message key=value key="a value with spaces"
std::string TextLogLine(std::string_view message, std::span<const LogField> fields);

// "message":"…","key":"value"
std::string JsonLogLine(std::string_view message, std::span<const LogField> fields);

}  // namespace shakehook
