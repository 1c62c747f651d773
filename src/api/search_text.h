// The text that `q` of a list searches: what names a resource, in lowercase.
#pragma once

#include <string>

#include "model/resource.h"

namespace shakehook {

// Names, e-mail, phones and id.
std::string SearchTextOf(const Resource& resource);

}  // namespace shakehook
