// The text of a log line, in the two formats, without time and level: what is sure to stay one line, whatever the
// values carry.
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
