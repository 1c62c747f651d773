// A flag of a command, as --help shows it.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace shakehook {

struct Flag {
  enum class Kind : std::uint8_t { kValue, kSwitch, kList };

  std::string_view name;  // without the dashes
  Kind kind = Kind::kValue;
  std::string_view value_name;  // "FILE"; empty for a switch
  std::string_view default_text;
  std::string_view help;
};

// The texts given on the command line, by the flag's name; a switch's text is "true".
using FlagTexts = std::map<std::string, std::vector<std::string>, std::less<>>;

}  // namespace shakehook
