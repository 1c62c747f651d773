// Patches of contacts and accounts, with a custom field of every type: each line of the input is a patch. A refused
// patch changes nothing; a stored record reads back the same; a response may be sent back as a patch.
#include <array>
#include <chrono>
#include <cstdint>
#include <cstdio>

#include "base/check.h"
#include "model/resource.h"

namespace shakehook {
namespace {

using Definitions = std::vector<std::shared_ptr<const CustomField>>;

// custom_00000000-0000-7000-8000-00000000000N, N the type's number.
Definitions MakeDefinitions(ResourceKind kind) {
  Definitions fields;
  for (int type = 0; type <= static_cast<int>(CustomFieldType::kObject); ++type) {
    auto field = std::make_shared<CustomField>();
    field->uuid = *Uuid::Parse("00000000-0000-7000-8000-00000000000" + std::to_string(type));
    field->position = type;
    field->collection = kind;
    field->type = static_cast<CustomFieldType>(type);
    field->options = {{"One", Json(1)}, {"Two", Json("two")}, {"Minus", Json(-1)}};
    fields.push_back(std::move(field));
  }
  return fields;
}

bool IsCalendarDate(const std::string& text) {
  int year = 0;
  unsigned month = 0;
  unsigned day = 0;
  char written[32];
  if (std::sscanf(text.c_str(), "%4d-%2u-%2u", &year, &month, &day) != 3 || year < 0 || month > 99 || day > 99) {
    return false;
  }
  std::snprintf(written, sizeof written, "%04d-%02u-%02u", year, month, day);
  static constexpr std::array<unsigned, 13> kDays = {0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  if (text != written || month < 1 || month > 12 || day < 1) return false;
  const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  return day <= kDays[month] + (month == 2 && leap ? 1 : 0);
}

void CheckStored(const Resource& resource, const Definitions& fields) {
  for (const auto& [code, value] : resource.custom) {
    CHECK(!value.is_null());
    if (code.ends_with('2')) CHECK(IsCalendarDate(*value.text()));
    if (code.ends_with('1')) CHECK(value.number() != nullptr && value.real().has_value());
    if (code.ends_with('5')) CHECK(value.object() != nullptr);
  }
  const std::string data = ToData(resource);
  CHECK(data.size() <= kDataBytesMax);
  CHECK(FromData(resource.kind, data, fields) == resource);
  Resource sent_back = resource;
  CHECK(Merge(sent_back, *ParseJson(data), fields).empty());
  CHECK(sent_back == resource);
}

void Check(ResourceKind kind, std::string_view text) {
  const Definitions fields = MakeDefinitions(kind);
  Resource resource(kind);
  resource.id.text = "r";
  resource.created_at = FromUnixMs(1'700'000'000'000);
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    const auto patch = ParseJson(line);
    if (!patch) continue;
    const Resource before = resource;
    const auto errors = Merge(resource, *patch, fields);
    if (!errors.empty()) {
      CHECK(resource == before);
      for (const auto& error : errors) CHECK(!error.complaint.text().empty());
      continue;
    }
    CheckStored(resource, fields);
  }
}

}  // namespace
}  // namespace shakehook

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  shakehook::Check(shakehook::ResourceKind::kContact, text);
  shakehook::Check(shakehook::ResourceKind::kAccount, text);
  return 0;
}
