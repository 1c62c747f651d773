#include "model/free_text.h"

#include <array>
#include <cstdio>
#include <utility>

namespace shakehook {
namespace {

constexpr std::string_view kReplacement = "\xef\xbf\xbd";

struct Found {
  std::size_t at = 0;
  std::size_t bytes = 0;
  char32_t character = 0;
};

bool IsNoncharacter(char32_t character) {
  return (character >= 0xfdd0 && character <= 0xfdef) || (character & 0xfffe) == 0xfffe;
}

std::uint8_t ByteAt(std::string_view text, std::size_t at) { return static_cast<std::uint8_t>(text[at]); }

// Returns the first such character after `from`. Noncharacters begin with EF (U+FDD0..U+FDEF, U+FFFE, U+FFFF) or with
// F0..F4.
std::optional<Found> Find(std::string_view text, std::size_t from) {
  for (std::size_t i = from; i < text.size(); ++i) {
    const std::uint8_t first = ByteAt(text, i);
    if (first == 0) return Found{i, 1, 0};
    if (first < 0xef) continue;
    const std::size_t bytes = first == 0xef ? 3 : 4;
    if (i + bytes > text.size()) return std::nullopt;
    char32_t character = first == 0xef ? 0xf : first & 0x7;
    for (std::size_t k = 1; k < bytes; ++k) character = character << 6 | (ByteAt(text, i + k) & 0x3f);
    if (IsNoncharacter(character)) return Found{i, bytes, character};
    i += bytes - 1;
  }
  return std::nullopt;
}

std::string NumberOf(const Found& found) {
  std::array<char, 16> number;
  std::snprintf(number.data(), number.size(), "U+%04X", static_cast<unsigned>(found.character));
  return number.data();
}

std::string Shown(std::string_view key) {
  std::string shown;
  std::size_t from = 0;
  for (auto found = Find(key, 0); found; found = Find(key, from)) {
    (shown += key.substr(from, found->at - from)) += kReplacement;
    from = found->at + found->bytes;
  }
  return shown += key.substr(from);
}

class Search {
 public:
  std::vector<FieldError> faults;

  void Look(const Json& value, const std::string& path) {
    if (faults.size() >= kTextFaultsMax) return;
    if (const std::string* const text = value.text()) {
      if (const auto found = Find(*text, 0))
        faults.push_back({path, {"bad_character", "must not contain {character}", NumberOf(*found)}});
    } else if (const Json::Array* const array = value.array()) {
      for (std::size_t i = 0; i < array->size(); ++i) Descend((*array)[i], path, std::to_string(i));
    } else if (const Json::Object* const object = value.object()) {
      for (const auto& [key, member] : *object) {
        if (const auto found = Find(key, 0)) {
          faults.push_back({Under(path, Shown(key)),
                            {"bad_character", "must not contain {character} in its name", NumberOf(*found)}});
        }
        Descend(member, path, key);
      }
    }
  }

 private:
  static std::string Under(const std::string& path, std::string_view name) {
    return path.empty() ? std::string(name) : path + '.' + std::string(name);
  }
  // A path is only made when it is needed: most values have no fault.
  void Descend(const Json& value, const std::string& path, std::string_view name) {
    const bool clean = value.text() != nullptr ? !Find(*value.text(), 0) : !value.array() && !value.object();
    if (!clean) Look(value, Under(path, Shown(name)));
  }
};

}  // namespace

std::optional<Complaint> FaultOfText(std::string_view text) {
  const auto found = Find(text, 0);
  if (!found) return std::nullopt;
  return Complaint("bad_character", "must not contain {character}", NumberOf(*found));
}

std::vector<FieldError> FaultsOfTexts(const Json& value, std::string path) {
  Search search;
  search.Look(value, path);
  return std::move(search.faults);
}

bool MayHoldFaultyText(std::string_view json) { return json.contains("\\u") || Find(json, 0).has_value(); }

}  // namespace shakehook
