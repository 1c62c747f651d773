#include "model/custom_field.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <string>
#include <unordered_map>

#include "model/resource.h"

namespace shakehook {
namespace {

constexpr std::array<std::string_view, 6> kTypeNames = {"text", "number", "date", "select", "multiselect", "object"};

// The longest value that an error shows.
constexpr std::size_t kValueShownMax = 256;

bool IsDate(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return false;
  int year = 0;
  unsigned month = 0;
  unsigned day = 0;
  const auto read = [text](std::size_t at, std::size_t size, auto& number) {
    const char* const end = text.data() + at + size;
    const auto result = std::from_chars(text.data() + at, end, number);
    return text[at] != '-' && result.ec == std::errc() && result.ptr == end;
  };
  return read(0, 4, year) && read(5, 2, month) && read(8, 2, day) &&
         std::chrono::year_month_day(std::chrono::year(year), std::chrono::month(month), std::chrono::day(day)).ok();
}

bool IsOption(const CustomField& field, const Json& value) {
  return std::ranges::any_of(field.options, [&](const CustomFieldOption& option) { return option.value == value; });
}

std::expected<void, Complaint> CheckOption(const CustomField& field, const Json& value) {
  if (IsOption(field, value)) return {};
  const bool is_short =
      (value.text() != nullptr && value.text()->size() <= kValueShownMax) || value.number() != nullptr;
  return std::unexpected(Complaint("not_an_option", "{value} is not one of the field's options",
                                   is_short ? ToString(value) : std::string(value.KindName())));
}

std::expected<void, Complaint> CheckOptions(const CustomField& field, const Json& value) {
  const Json::Array* const chosen = value.array();
  if (chosen == nullptr) return std::unexpected(WrongType("an array of the field's options", value));
  // Counts how often each option is chosen, by its JSON, so that each of many values takes one look-up.
  std::unordered_map<std::string, int> times;
  for (const CustomFieldOption& option : field.options) times.emplace(ToString(option.value), 0);
  for (const Json& each : *chosen) {
    const bool scalar = each.text() != nullptr || each.number() != nullptr;
    const auto found = scalar ? times.find(ToString(each)) : times.end();
    if (found == times.end()) return CheckOption(field, each);
    if (++found->second == 2) {
      return std::unexpected(Complaint("chosen_twice", "{value} is chosen twice", ToString(each)));
    }
  }
  return {};
}

}  // namespace

std::string_view ToString(CustomFieldType type) { return kTypeNames[static_cast<std::size_t>(type)]; }

std::optional<CustomFieldType> ParseCustomFieldType(std::string_view text) {
  const auto found = std::ranges::find(kTypeNames, text);
  if (found == kTypeNames.end()) return std::nullopt;
  return static_cast<CustomFieldType>(found - kTypeNames.begin());
}

std::optional<Uuid> ParseCustomFieldCode(std::string_view code) {
  if (!code.starts_with(kCustomFieldPrefix)) return std::nullopt;
  const auto uuid = Uuid::Parse(code.substr(kCustomFieldPrefix.size()));
  // A code has only one spelling, because it is a key in payloads.
  if (!uuid || uuid->ToString() != code.substr(kCustomFieldPrefix.size())) return std::nullopt;
  return uuid;
}

std::expected<void, Complaint> CheckCustomValue(const CustomField& field, const Json& value) {
  switch (field.type) {
    case CustomFieldType::kText:
      if (value.text() == nullptr) return std::unexpected(WrongType("a string", value));
      if (value.text()->size() > kFieldTextBytesMax) {
        return std::unexpected(Complaint("too_long", "is longer than {max} bytes", kFieldTextBytesMax));
      }
      return {};
    case CustomFieldType::kNumber:
      if (value.number() == nullptr) return std::unexpected(WrongType("a number", value));
      return {};
    case CustomFieldType::kDate:
      if (value.text() == nullptr || !IsDate(*value.text())) {
        return std::unexpected(Complaint("not_a_date", "must be a date of the form YYYY-MM-DD"));
      }
      return {};
    case CustomFieldType::kSelect:
      return CheckOption(field, value);
    case CustomFieldType::kMultiselect:
      return CheckOptions(field, value);
    case CustomFieldType::kObject:
      if (value.object() == nullptr) return std::unexpected(WrongType("an object", value));
      return {};
  }
  return {};
}

}  // namespace shakehook
