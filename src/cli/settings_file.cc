#include "cli/settings_file.h"

#include <algorithm>
#include <expected>

#include "base/json.h"
#include "base/result.h"

namespace shakehook {
namespace {

using Failure = std::unexpected<std::string>;

bool IsKeyByte(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
}

class Reader {
 public:
  explicit Reader(std::string_view text) : rest_(text) {
    if (rest_.starts_with("\xef\xbb\xbf")) rest_.remove_prefix(3);
  }

  SettingsFileContent Read() {
    SettingsFileContent content;
    for (SkipLines(); !rest_.empty(); SkipLines()) {
      if (const auto read = ReadLine(content.values); !read) {
        content.faults.push_back({faulty_line_, read.error()});
        SkipLine();
      }
    }
    return content;
  }

 private:
  using TextRead = std::expected<std::string, std::string>;

  // Reads a key and its value, which may be a list of several lines.
  std::expected<Done, std::string> ReadLine(std::map<std::string, FileValue>& values) {
    if (rest_.front() == '[')
      return Problem("tables ([…]) are not supported; write only lines of the form `key = value`");
    FileValue value{.line = line_};
    const auto key = Key();
    if (!key) return Failure(key.error());
    SkipBlanks();
    if (!Take('=')) return Problem("\"" + *key + "\" must be followed by `= value`");
    SkipBlanks();
    if (const auto read = Value(value); !read) return Failure(read.error());
    SkipBlanks();
    SkipComment();
    if (!rest_.empty() && rest_.front() != '\n' && !rest_.starts_with("\r\n")) {
      return Problem("there is text after the value of \"" + *key + "\"");
    }
    if (!values.emplace(*key, value).second) return Problem("\"" + *key + "\" is given twice", value.line);
    return Done{};
  }

  Failure Problem(const std::string& problem, int line = 0) {
    faulty_line_ = line == 0 ? line_ : line;
    return Failure(problem);
  }

  // Skips what is left of a line that has a fault; not its end, which SkipLines takes.
  void SkipLine() { rest_.remove_prefix(std::min(rest_.find('\n'), rest_.size())); }

  bool Take(char c) {
    if (rest_.empty() || rest_.front() != c) return false;
    rest_.remove_prefix(1);
    return true;
  }
  bool TakeLineEnd() {
    if (rest_.starts_with("\r\n")) rest_.remove_prefix(1);
    if (!Take('\n')) return false;
    ++line_;
    return true;
  }
  void SkipBlanks() {
    while (Take(' ') || Take('\t')) {
    }
  }
  void SkipComment() {
    if (rest_.starts_with('#')) rest_.remove_prefix(std::min(rest_.find_first_of("\r\n"), rest_.size()));
  }
  void SkipLines() {
    do {
      SkipBlanks();
      SkipComment();
    } while (TakeLineEnd());
  }

  TextRead Key() {
    if (rest_.starts_with('"') || rest_.starts_with('\'')) return Text();
    const auto end = std::ranges::find_if_not(rest_, IsKeyByte);
    std::string key(rest_.begin(), end);
    if (key.empty()) return Problem("a line must begin with a key");
    rest_.remove_prefix(key.size());
    return key;
  }

  std::expected<bool, std::string> Value(FileValue& value) {
    if (!Take('[')) {
      auto text = Scalar();
      if (!text) return Failure(text.error());
      value.texts = {std::move(*text)};
      return true;
    }
    value.is_list = true;
    for (SkipLines(); !Take(']'); SkipLines()) {
      if (rest_.empty()) return Problem("the list has no end", value.line);
      auto text = Scalar();
      if (!text) return Failure(text.error());
      value.texts.push_back(std::move(*text));
      SkipLines();
      if (!Take(',') && !rest_.starts_with(']')) return Problem("the values of a list need a comma between them");
    }
    return true;
  }

  TextRead Scalar() {
    if (rest_.starts_with('"') || rest_.starts_with('\'')) return Text();
    const std::size_t bytes = std::min(rest_.find_first_of(" \t\r\n#,]"), rest_.size());
    std::string word(rest_.substr(0, bytes));
    const std::size_t digits = word.find_first_not_of("+-");
    const bool number = digits <= 1 && word.find_first_not_of("0123456789._", digits) == std::string::npos;
    if (word != "true" && word != "false" && (!number || word.empty())) {
      return Problem("a text needs quotes: \"" + word + "\"");
    }
    rest_.remove_prefix(bytes);
    std::erase(word, '_');
    return word;
  }

  // A literal ('…') or a basic ("…") string. The escapes of the latter are JSON's, but for \UXXXXXXXX.
  TextRead Text() {
    const char quote = rest_.front();
    if (rest_.substr(0, 3) == std::string(3, quote)) return Problem("strings over several lines are not supported");
    std::size_t bytes = 1;
    while (bytes < rest_.size() && rest_[bytes] != quote && rest_[bytes] != '\n') {
      bytes += quote == '"' && rest_[bytes] == '\\' ? 2 : 1;
    }
    if (bytes >= rest_.size() || rest_[bytes] != quote) return Problem("the string has no closing quote");
    const std::string_view quoted = rest_.substr(0, bytes + 1);
    rest_.remove_prefix(quoted.size());
    if (quote == '\'') return std::string(quoted.substr(1, quoted.size() - 2));
    const auto json = ParseJson(quoted);
    if (!json || !json->text()) {
      return Problem(
          "the string has an escape or control character that is not allowed; in '…' a backslash is a backslash");
    }
    return *json->text();
  }

  std::string_view rest_;
  int line_ = 1;
  int faulty_line_ = 0;
};

}  // namespace

SettingsFileContent ReadSettingsFile(std::string_view text) { return Reader(text).Read(); }

}  // namespace shakehook
