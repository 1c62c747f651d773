#include "model/custom_field.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>

#include "model/resource.h"

namespace shakehook {
namespace {

constexpr std::array<std::string_view, 6> kTypeNames = {"text", "number", "date", "select", "multiselect", "object"};

std::unexpected<std::string> MustBe(std::string_view what, const Json& value) {
  return std::unexpected("must be " + std::string(what) + ", not " + std::string(value.KindName()));
}

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

std::expected<void, std::string> CheckOption(const CustomField& field, const Json& value) {
  if (IsOption(field, value)) return {};
  return std::unexpected(ToString(value) + " is none of the field's options");
}

std::expected<void, std::string> CheckOptions(const CustomField& field, const Json& value) {
  const Json::Array* const chosen = value.array();
  if (chosen == nullptr) return MustBe("an array of the field's options", value);
  for (std::size_t i = 0; i < chosen->size(); ++i) {
    if (auto checked = CheckOption(field, (*chosen)[i]); !checked) return checked;
    if (std::find(chosen->begin(), chosen->begin() + i, (*chosen)[i]) != chosen->begin() + i) {
      return std::unexpected(ToString((*chosen)[i]) + " is chosen twice");
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
  // One code has one spelling: it is a key in payloads.
  if (!uuid || uuid->ToString() != code.substr(kCustomFieldPrefix.size())) return std::nullopt;
  return uuid;
}

std::expected<void, std::string> CheckCustomValue(const CustomField& field, const Json& value) {
  switch (field.type) {
    case CustomFieldType::kText:
      if (value.text() == nullptr) return MustBe("a string", value);
      if (value.text()->size() > kFieldTextBytesMax) return std::unexpected("is longer than 1024 bytes");
      return {};
    case CustomFieldType::kNumber:
      if (value.number() == nullptr) return MustBe("a number", value);
      return {};
    case CustomFieldType::kDate:
      if (value.text() == nullptr || !IsDate(*value.text())) {
        return std::unexpected("must be a date of the form YYYY-MM-DD");
      }
      return {};
    case CustomFieldType::kSelect:
      return CheckOption(field, value);
    case CustomFieldType::kMultiselect:
      return CheckOptions(field, value);
    case CustomFieldType::kObject:
      if (value.object() == nullptr) return MustBe("an object", value);
      return {};
  }
  return {};
}

}  // namespace shakehook
