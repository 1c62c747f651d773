// What lists go by when they are sorted by name.
#pragma once

#include <string>

#include "model/resource.h"

namespace shakehook {

// Longer ones are cut: what differs only behind it is not told apart.
inline constexpr std::size_t kSortNameBytesMax = 128;

// Of a contact the last and the first name, else the e-mail; of an account the name, else the legal name; else the id.
// As FoldText folds it.
std::string SortNameOf(const Resource& resource);

}  // namespace shakehook
