// The custom headers of a webhook: the names and values that may be sent beside the server's own.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "api/http/field_reader.h"

namespace shakehook {

using CustomHeaders = std::vector<std::pair<std::string, std::string>>;

inline constexpr std::size_t kCustomHeadersMax = 20;
inline constexpr std::size_t kCustomHeaderBytesMax = 4 * 1024;  // all names and values together

// Reads the object of names and values at `headers` of a body; bad ones are refused. A value of "***" (which is how a
// stored one is shown) keeps the value that the name has in `stored`.
CustomHeaders ReadCustomHeaders(FieldReader& fields, const Json& headers, const CustomHeaders& stored);

}  // namespace shakehook
