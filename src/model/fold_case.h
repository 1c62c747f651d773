// Text as people compare it: the same letters whatever their case, their accents, and how Unicode spells them.
#pragma once

#include <string>
#include <string_view>

namespace shakehook {

// Case-folded text in the composed form (NFC): "STRASSE" and "straße" are equal afterwards, "cote" and "côté" are not.
// Bytes that are not UTF-8 stay as they are, with ASCII letters in lowercase.
std::string FoldCase(std::string_view text);

// Folds a text for searching and sorting. It does what FoldCase does, and
// - compatible forms become the plain ones (NFKC: full-width letters, ligatures);
// - letters lose their accents, and those with a stroke, a hook or a ligature become ASCII: ø o, ł l, đ d, œ oe, æ ae,
//   ı i. Marks that change a letter into another one stay: vowel signs of Indian scripts, Thai, voiced kana;
// - all apostrophes become ', all dashes -, all decimal digits 0 to 9, and each run of spaces and controls one space;
//   none is left at the beginning and the end;
// - invisible characters (soft hyphens, zero-width and direction marks) are removed.
// FoldText(FoldText(x)) == FoldText(x).
std::string FoldText(std::string_view text);
// Appends FoldText(text) to `out`, after a space if neither is empty.
void AppendFoldedText(std::string& out, std::string_view text);

}  // namespace shakehook
