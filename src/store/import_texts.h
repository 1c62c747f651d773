// The texts that an import is stored as, in every store: JSON for what has no columns of its own.
//
// Threads: any; these are functions.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "model/field_error.h"
#include "store/job_steps.h"

namespace shakehook {

std::string ToJsonText(const std::vector<std::string>& texts);

// Precondition: the text was stored of texts, or of a row's errors.
std::vector<std::string> ReadTexts(std::string_view json);
std::vector<FieldError> ReadErrors(std::string_view json);

// A refused row as it is stored.
struct RefusedRowText {
  std::int64_t line = 0;
  std::string errors, cells;
};
// Returns the rows of the step that are kept, if `already_refused` rows of the import were refused before it.
std::vector<RefusedRowText> RefusedRowsToKeep(const ImportStep& step, std::int64_t already_refused);

}  // namespace shakehook
