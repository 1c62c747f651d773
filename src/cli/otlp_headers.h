// The file of --otlp-headers-file: headers that the requests to the collector of traces have, such as a token. Its
// lines are "Name: value"; empty ones, and those that begin with #, are left out.
#pragma once

#include <expected>
#include <string>

namespace shakehook {

// Returns lines "Name: value\r\n". The error is one line that names the file and the line, and never quotes a value.
std::expected<std::string, std::string> ReadOtlpHeaders(const std::string& path);

}  // namespace shakehook
