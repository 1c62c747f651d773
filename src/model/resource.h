// A resource is an account or a contact: an id, documented fields, custom fields, and the time it was made. Both kinds
// share one table-driven form; only the list of documented fields differs.
//
// `data` is its compact JSON: the API's response, and `data` in an event's payload, byte for byte (CONTRACT §2: the
// seed's order of keys, `created_at` after the documented fields, custom fields last, absent = no value).
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "base/time.h"
#include "model/custom_field.h"
#include "model/event.h"
#include "model/field_error.h"
#include "model/ids.h"

namespace shakehook {

// "account" or "contact"; "accounts" or "contacts".
std::string_view NounOf(ResourceKind kind);
std::string_view CollectionOf(ResourceKind kind);

enum class FieldType : std::uint8_t { kText, kEmail, kAccountId, kBoolean };

struct DocumentedField {
  std::string_view name;
  FieldType type;
};

// Without `id` and `created_at`, in the seed's order.
std::span<const DocumentedField> DocumentedFields(ResourceKind kind);

inline constexpr std::size_t kFieldTextBytesMax = 1024;
inline constexpr std::size_t kDataBytesMax = 64 * 1024;

struct Resource {
  ResourceKind kind = ResourceKind::kAccount;
  ResourceId id;
  Timestamp created_at;
  // By the index of the documented field; null: no value. Custom values by code, in the order of their definitions.
  std::vector<Json> documented;
  std::vector<Json::Member> custom;

  bool operator==(const Resource&) const = default;

  explicit Resource(ResourceKind resource_kind)
      : kind(resource_kind), documented(DocumentedFields(resource_kind).size()) {}

  // Returns the text of a documented field; nullopt if it has no value.
  std::optional<std::string_view> Text(std::string_view field) const;
};

// Merges a patch (RFC 7396; null and "" clear a field) into `resource`. If it returns errors, it has merged nothing.
// `fields`: the custom fields that are defined for the resource's venue and kind, in order. `id` and `created_at` may
// be in the patch as they are; the id that a creation chose is in `resource` already.
// Values of definitions that are gone are dropped.
std::vector<FieldError> Merge(Resource& resource, const Json& patch,
                              const std::vector<std::shared_ptr<const CustomField>>& fields);

// Returns the compact JSON.
std::string ToData(const Resource& resource);
// Reads the result of ToData; values of custom fields that are not in `fields` are dropped.
Resource FromData(ResourceKind kind, std::string_view data,
                  const std::vector<std::shared_ptr<const CustomField>>& fields);

}  // namespace shakehook
