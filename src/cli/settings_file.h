// The part of TOML 1.0 that settings need: lines `key = value` with strings, numbers, booleans and lists of them, and
// comments. The rest of TOML (tables, dates, strings over several lines) is refused with its line, as is a key that is
// given twice. CLI11's reader is not used: it cuts a quoted string at a '#', and names neither file nor line.
//
//   file  = { [key "=" value] [comment] newline }
//   value = string | number | boolean | "[" [value {"," value} [","]] "]"      (newlines and comments within the list)
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace shakehook {

struct FileValue {
  std::vector<std::string> texts;  // a single text, unless the value is a list
  bool is_list = false;
  int line = 0;
};

struct FileFault {
  int line = 0;
  std::string text;  // the fault, for a person
};

struct SettingsFileContent {
  std::map<std::string, FileValue> values;  // by key
  std::vector<FileFault> faults;            // after each, reading goes on with the next line
};

SettingsFileContent ReadSettingsFile(std::string_view text);

}  // namespace shakehook
