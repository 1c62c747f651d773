#include "cli/settings_file.h"

#include <gtest/gtest.h>

namespace shakehook {
namespace {

std::vector<std::string> Texts(std::string_view file, const std::string& key) {
  const SettingsFileContent content = ReadSettingsFile(file);
  if (!content.faults.empty()) {
    const FileFault& first = content.faults.front();
    return {"error: line " + std::to_string(first.line) + ": " + first.text};
  }
  const auto found = content.values.find(key);
  return found == content.values.end() ? std::vector<std::string>{"absent"} : found->second.texts;
}
using Words = std::vector<std::string>;

TEST(SettingsFile, ReadsValuesOfEachKind) {
  const std::string_view file =
      "\xef\xbb\xbf# Shakehook\r\n"
      "listen = \"0.0.0.0:80\"  # everywhere\r\n"
      "\n"
      "max-retries=3\n"
      "\"retry-factor\" = 1.5\n"
      "\tbig = 1_000\n"
      "on = true\n"
      "allow-target = [ \"10.0.0.0/8\", # the office\n  'fd00::/8',\n]\n"
      "empty = []\n"
      "last = \"x\"";
  EXPECT_EQ(Texts(file, "listen"), Words{"0.0.0.0:80"});
  EXPECT_EQ(Texts(file, "max-retries"), Words{"3"});
  EXPECT_EQ(Texts(file, "retry-factor"), Words{"1.5"});
  EXPECT_EQ(Texts(file, "big"), Words{"1000"});
  EXPECT_EQ(Texts(file, "on"), Words{"true"});
  EXPECT_EQ(Texts(file, "allow-target"), (Words{"10.0.0.0/8", "fd00::/8"}));
  EXPECT_EQ(Texts(file, "empty"), Words{});
  EXPECT_EQ(Texts(file, "last"), Words{"x"});
}

TEST(SettingsFile, KeepsWhatIsInQuotes) {
  EXPECT_EQ(Texts("k = \"a#b, c = [d]\"", "k"), Words{"a#b, c = [d]"});
  EXPECT_EQ(Texts(R"(k = "a\"b\\c\t\u00e9\ud83d\ude00")", "k"), Words{"a\"b\\c\t\u00e9\U0001F600"});
  EXPECT_EQ(Texts(R"(k = 'C:\data\"x"')", "k"), Words{R"(C:\data\"x")"});
}

TEST(SettingsFile, NamesTheLineOfWhatItDoesNotTake) {
  const std::pair<std::string_view, std::string> refusals[] = {
      {"a = 1\n[server]\nb = 2",
       "error: line 2: tables ([…]) are not supported; write only lines of the form `key = value`"},
      {"a = 1\n\na = 2", "error: line 3: \"a\" is given twice"},
      {"a", "error: line 1: \"a\" must be followed by `= value`"},
      {"a.b = 1", "error: line 1: \"a\" must be followed by `= value`"},
      {"= 1", "error: line 1: a line must begin with a key"},
      {"a = 5s", "error: line 1: a text needs quotes: \"5s\""},
      {"a =\n", "error: line 1: a text needs quotes: \"\""},
      {"a = 1 2", "error: line 1: there is text after the value of \"a\""},
      {"a = \"x\"y", "error: line 1: there is text after the value of \"a\""},
      {"a = \"x\nb = 1", "error: line 1: the string has no closing quote"},
      {"a = \"\"\"x\"\"\"", "error: line 1: strings over several lines are not supported"},
      {"a = \"\\d\"",
       "error: line 1: the string has an escape or control character that is not allowed; in '…' a backslash is a "
       "backslash"},
      {"a = \"\\ud800\"",
       "error: line 1: the string has an escape or control character that is not allowed; in '…' a backslash is a "
       "backslash"},
      {"a = [1,\n2", "error: line 2: the values of a list need a comma between them"},
      {"a = [1,\n", "error: line 1: the list has no end"},
      {"a = [1 2]", "error: line 1: the values of a list need a comma between them"},
  };
  for (const auto& [file, refusal] : refusals) EXPECT_EQ(Texts(file, "a"), Words{refusal}) << file;
}

TEST(SettingsFile, GoesOnBehindAFault) {
  const SettingsFileContent content = ReadSettingsFile("a = 5s\n[server]\nb = 2\nc = \"x\nd = 4 # four\n");
  std::vector<int> lines;
  for (const FileFault& fault : content.faults) lines.push_back(fault.line);
  EXPECT_EQ(lines, (std::vector{1, 2, 4}));
  EXPECT_EQ(content.values.at("b").texts, Words{"2"});
  EXPECT_EQ(content.values.at("d").texts, Words{"4"});
}

}  // namespace
}  // namespace shakehook
