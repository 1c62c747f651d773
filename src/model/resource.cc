#include "model/resource.h"

#include <algorithm>
#include <array>
#include <memory>
#include <utility>

#include "base/check.h"

namespace shakehook {
namespace {

constexpr std::array<DocumentedField, 15> kAccountFields = {{
    {"name", FieldType::kText},
    {"legal_name", FieldType::kText},
    {"company_type", FieldType::kText},
    {"company_registration_id", FieldType::kText},
    {"vat_number", FieldType::kText},
    {"address_line_1", FieldType::kText},
    {"address_line_2", FieldType::kText},
    {"postal_code", FieldType::kText},
    {"city", FieldType::kText},
    {"country", FieldType::kText},
    {"billing_address_line_1", FieldType::kText},
    {"billing_address_line_2", FieldType::kText},
    {"billing_postal_code", FieldType::kText},
    {"billing_city", FieldType::kText},
    {"billing_country", FieldType::kText},
}};

constexpr std::array<DocumentedField, 13> kContactFields = {{
    {"first_name", FieldType::kText},
    {"last_name", FieldType::kText},
    {"email", FieldType::kEmail},
    {"phone", FieldType::kText},
    {"landline_phone", FieldType::kText},
    {"title", FieldType::kText},
    {"account_id", FieldType::kAccountId},
    {"optin_marketing", FieldType::kBoolean},
    {"address_line_1", FieldType::kText},
    {"address_line_2", FieldType::kText},
    {"postal_code", FieldType::kText},
    {"city", FieldType::kText},
    {"country", FieldType::kText},
}};

using Definitions = std::vector<std::shared_ptr<const CustomField>>;

bool Clears(const Json& value) { return value.is_null() || (value.text() != nullptr && value.text()->empty()); }

std::optional<std::size_t> IndexOf(ResourceKind kind, std::string_view name) {
  const auto fields = DocumentedFields(kind);
  const auto found = std::ranges::find(fields, name, &DocumentedField::name);
  if (found == fields.end()) return std::nullopt;
  return static_cast<std::size_t>(found - fields.begin());
}

const CustomField* FindDefinition(const Definitions& fields, std::string_view code) {
  const auto uuid = ParseCustomFieldCode(code);
  if (!uuid) return nullptr;
  const auto found = std::ranges::find_if(fields, [&](const auto& field) { return field->uuid == *uuid; });
  return found == fields.end() ? nullptr : found->get();
}

// What is wrong with a documented field's value; empty: nothing.
std::string Objection(FieldType type, const Json& value) {
  if (type == FieldType::kBoolean) {
    return value.boolean() != nullptr ? "" : "must be true or false, not " + std::string(value.KindName());
  }
  const std::string* const text = value.text();
  if (text == nullptr) return "must be a string, not " + std::string(value.KindName());
  if (text->size() > kFieldTextBytesMax) return "is longer than 1024 bytes";
  if (type == FieldType::kEmail && text->find('@') == std::string::npos) return "must be an e-mail address, with an @";
  return "";
}

// RFC 7396, section 2, for a value that is there to stay.
Json MergedValue(const Json* target, const Json& patch) {
  const Json::Object* const members = patch.object();
  if (members == nullptr) return patch;
  Json::Object merged;
  if (target != nullptr && target->object() != nullptr) merged = *target->object();
  for (const auto& [key, value] : *members) {
    const auto found = std::ranges::find(merged, key, &Json::Member::first);
    if (value.is_null()) {
      if (found != merged.end()) merged.erase(found);
    } else if (found != merged.end()) {
      found->second = MergedValue(&found->second, value);
    } else {
      merged.emplace_back(key, MergedValue(nullptr, value));
    }
  }
  return Json(std::move(merged));
}

// Puts a custom value, or takes it out, and says what is wrong with it; empty: nothing.
std::string MergeCustom(std::vector<Json::Member>& custom, const Definitions& fields, const std::string& code,
                        const Json& value) {
  const CustomField* const field = FindDefinition(fields, code);
  if (field == nullptr) return "no custom field with this code is defined for the venue";
  const auto found = std::ranges::find(custom, code, &Json::Member::first);
  if (Clears(value)) {
    if (found != custom.end()) custom.erase(found);
    return "";
  }
  Json merged = MergedValue(found == custom.end() ? nullptr : &found->second, value);
  if (const auto checked = CheckCustomValue(*field, merged); !checked) return checked.error();
  if (found != custom.end()) {
    found->second = std::move(merged);
  } else {
    custom.emplace_back(code, std::move(merged));
  }
  return "";
}

// Custom values in the order of their definitions, without those whose definition is gone.
std::vector<Json::Member> InOrder(std::vector<Json::Member> custom, const Definitions& fields) {
  if (custom.empty()) return custom;
  std::vector<Json::Member> ordered;
  for (const auto& field : fields) {
    const auto found = std::ranges::find(custom, field->Code(), &Json::Member::first);
    if (found != custom.end()) ordered.push_back(std::move(*found));
  }
  return ordered;
}

void AppendMember(std::string& out, std::string_view key, const Json& value) {
  out += ',';
  AppendJsonText(out, key);
  out += ':';
  AppendJson(out, value);
}

}  // namespace

std::span<const DocumentedField> DocumentedFields(ResourceKind kind) {
  if (kind == ResourceKind::kAccount) return kAccountFields;
  return kContactFields;
}

std::optional<std::string_view> Resource::Text(std::string_view field) const {
  const auto index = IndexOf(kind, field);
  CHECK(index);
  const std::string* const text = documented[*index].text();
  if (text == nullptr) return std::nullopt;
  return *text;
}

std::vector<FieldError> Merge(Resource& resource, const Json& patch, const Definitions& fields) {
  const Json::Object* const members = patch.object();
  if (members == nullptr) return {{"", "must be an object, not " + std::string(patch.KindName())}};
  Resource merged = resource;
  std::vector<FieldError> errors;
  for (const auto& [key, value] : *members) {
    std::string objection;
    if (key == "id") {
      if (value != Json(resource.id.text)) objection = "cannot be changed";
    } else if (key == "created_at") {
      if (value.integer() != UnixMs(resource.created_at)) objection = "is set by the server and cannot be changed";
    } else if (const auto index = IndexOf(resource.kind, key)) {
      if (Clears(value)) {
        merged.documented[*index] = Json();
      } else {
        objection = Objection(DocumentedFields(resource.kind)[*index].type, value);
        if (objection.empty()) merged.documented[*index] = value;
      }
    } else if (key.starts_with(kCustomFieldPrefix)) {
      objection = MergeCustom(merged.custom, fields, key, value);
    } else {
      objection = resource.kind == ResourceKind::kAccount ? "is no field of an account" : "is no field of a contact";
    }
    if (!objection.empty()) errors.push_back({key, std::move(objection)});
  }
  if (!errors.empty()) return errors;
  merged.custom = InOrder(std::move(merged.custom), fields);
  if (ToData(merged).size() > kDataBytesMax) return {{"", "the whole resource is larger than 64 KiB"}};
  resource = std::move(merged);
  return {};
}

std::string ToData(const Resource& resource) {
  constexpr std::size_t kUsualBytes = 768;
  std::string data;
  data.reserve(kUsualBytes);
  data += "{\"id\":";
  AppendJsonText(data, resource.id.text);
  const auto fields = DocumentedFields(resource.kind);
  for (std::size_t i = 0; i < fields.size(); ++i) {
    if (!resource.documented[i].is_null()) AppendMember(data, fields[i].name, resource.documented[i]);
  }
  data += ",\"created_at\":";
  data += std::to_string(UnixMs(resource.created_at));
  for (const auto& [code, value] : resource.custom) AppendMember(data, code, value);
  data += '}';
  return data;
}

Resource FromData(ResourceKind kind, std::string_view data, const Definitions& fields) {
  auto parsed = ParseJson(data);
  CHECK(parsed && parsed->object() != nullptr);
  Resource resource(kind);
  for (auto& [key, value] : *parsed->object()) {
    if (key == "id") {
      resource.id.text = *value.text();
    } else if (key == "created_at") {
      resource.created_at = FromUnixMs(*value.integer());
    } else if (const auto index = IndexOf(kind, key)) {
      resource.documented[*index] = std::move(value);
    } else {
      resource.custom.emplace_back(key, std::move(value));
    }
  }
  resource.custom = InOrder(std::move(resource.custom), fields);
  return resource;
}

}  // namespace shakehook
