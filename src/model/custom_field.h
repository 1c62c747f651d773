// A custom field is defined by a venue, or by a venues group for all its venues. Its code, `custom_<uuid>`, is the key
// under which a resource carries its value (the seed, "Custom Fields").
#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/complaint.h"
#include "base/json.h"
#include "base/time.h"
#include "model/event.h"
#include "model/ids.h"
#include "model/scope.h"
#include "model/webhook.h"

namespace shakehook {

enum class CustomFieldType : std::uint8_t {
  kText = 0,
  kNumber = 1,
  kDate = 2,
  kSelect = 3,
  kMultiselect = 4,
  kObject = 5,
};
std::string_view ToString(CustomFieldType type);
std::optional<CustomFieldType> ParseCustomFieldType(std::string_view text);

struct CustomFieldOption {
  std::string label;
  Json value;  // a string or an integer

  bool operator==(const CustomFieldOption&) const = default;
};

struct CustomField {
  Uuid uuid;
  std::int64_t position = 0;  // the order in which definitions were made, given by the store
  Scope scope;                // a venue or a venues group
  ResourceKind collection = ResourceKind::kContact;
  std::string label;
  CustomFieldType type = CustomFieldType::kText;
  Switch required = Switch::kOff;  // isRequiredInBO: binds the dashboard's forms, not the API
  std::vector<CustomFieldOption> options;
  Timestamp created_at;
  Timestamp updated_at;
  std::int64_t version = 1;

  bool operator==(const CustomField&) const = default;
  std::string Code() const { return "custom_" + uuid.ToString(); }
};

inline constexpr std::string_view kCustomFieldPrefix = "custom_";
std::optional<Uuid> ParseCustomFieldCode(std::string_view code);

// Tells whether the field may hold the value (not null); the error says why not, for a person.
std::expected<void, Complaint> CheckCustomValue(const CustomField& field, const Json& value);

}  // namespace shakehook
