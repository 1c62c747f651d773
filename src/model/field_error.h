// A FieldError says what is wrong with one field or parameter of a request, or of an import's row.
#pragma once

#include <string>
#include <utility>

#include "base/complaint.h"
#include "base/json.h"

namespace shakehook {

// At most this many errors of a body are told; further ones are only counted. A body of a megabyte can be wrong in a
// hundred thousand places.
inline constexpr std::size_t kErrorsToldMax = 1000;

struct FieldError {
  std::string field;  // a path such as "email" or "3.email"; empty: the whole body or row
  Complaint complaint;

  // Returns an error that is only counted.
  static FieldError Untold() { return {{}, {"invalid", "is not valid"}}; }

  bool operator==(const FieldError&) const = default;
};

// {field, detail, code, params}
Json ToJson(const FieldError& error);
// Reads the result of ToJson; also without code and params, as it was stored once.
FieldError ReadFieldError(const Json& json);

}  // namespace shakehook
