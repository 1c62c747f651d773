// Each setting with what it takes: the table that settings.cc resolves and --help shows.
#pragma once

#include <expected>
#include <span>
#include <string>
#include <vector>

#include "cli/flag.h"
#include "cli/settings.h"

namespace shakehook {

struct Setting {
  Flag flag;
  // Takes the texts (one, unless the flag is a list). The error is what is wrong with them, to be put behind the name
  // of the place they come from.
  std::expected<Done, std::string> (*set)(Settings& settings, const std::vector<std::string>& texts);
};

std::span<const Setting> AllSettings();

}  // namespace shakehook
