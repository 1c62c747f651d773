// The text by which lists are sorted when they are sorted by name.
#pragma once

#include <string>

#include "model/resource.h"

namespace shakehook {

// Longer texts are cut: names that differ only after this are not ordered.
inline constexpr std::size_t kSortNameBytesMax = 128;

// Returns a contact's last and first name, else the e-mail; an account's name, else the legal name; else the id. The
// text is folded by FoldText.
std::string SortNameOf(const Resource& resource);

}  // namespace shakehook
