// Text as it is compared by people: whatever its case, and for sorting whatever its accents.
#pragma once

#include <string>
#include <string_view>

namespace shakehook {

// Lowercase of Latin, Greek and Cyrillic letters; other text stays.
std::string FoldCase(std::string_view text);
void AppendFoldedCase(std::string& out, std::string_view text);

// FoldCase, and Latin letters without their marks: Émile stands between Emil and Emily.
std::string FoldAccents(std::string_view text);

}  // namespace shakehook
