// The text of a CSV file's cell, with the invisible characters that spreadsheets and web pages add.
#pragma once

#include <string>
#include <string_view>

namespace shakehook {

// Returns the text without the invisible characters at both ends: spaces and line ends, no-break and other wide spaces,
// and the marks without a width that copied text carries (zero-width spaces, byte order marks, marks of direction).
std::string_view TrimmedCell(std::string_view cell);
// Tells whether the text contains any of these.
bool HoldsSpace(std::string_view text);
// Returns the text with ' ' for each no-break or other wide space, and without the marks that have no width.
std::string WithPlainSpaces(std::string_view text);

// Tells whether the text contains U+FFFD, which replaces a character that could not be read: here, or by the program
// that wrote the file.
bool HoldsReplacement(std::string_view text);

}  // namespace shakehook
