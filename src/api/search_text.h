// The text that `q` of a list searches: what names a resource, in lowercase.
#pragma once

#include <string>
#include <string_view>

#include "model/resource.h"

namespace shakehook {

// Lowercase of Latin, Greek and Cyrillic letters; other text stays.
std::string FoldCase(std::string_view text);

// Names, e-mail, phones and id.
std::string SearchTextOf(const Resource& resource);

}  // namespace shakehook
