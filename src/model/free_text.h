// Free text is what people write into names, addresses, custom values and events' data (CONTRACT §4): any UTF-8 except
// NUL and Unicode's 66 noncharacters. NUL ends a text in C, and PostgreSQL and others do not store it: a receiver's
// database would refuse our payloads. Noncharacters have no meaning outside a program (Unicode 15, section 23.7).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "model/field_error.h"

namespace shakehook {

// Returns what is wrong with the text ("must not contain U+0000"), or nullopt if it is free text.
// Precondition: UTF-8.
std::optional<Complaint> FaultOfText(std::string_view text);

// Returns the texts and keys of `value` that are not free text, each by its path ("data.note", "3.first_name"), with
// U+FFFD for the wrong characters; at most kTextFaultsMax. `path`: the path of `value`, empty for a whole body.
inline constexpr std::size_t kTextFaultsMax = 100;
std::vector<FieldError> FaultsOfTexts(const Json& value, std::string path = "");

// Tells whether a JSON text may contain such texts or keys; if not, FaultsOfTexts finds none. Takes no memory.
bool MayHoldFaultyText(std::string_view json);

}  // namespace shakehook
