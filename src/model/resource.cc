#include "model/resource.h"

#include <algorithm>
#include <array>
#include <memory>
#include <unordered_map>
#include <utility>

#include "base/check.h"

namespace shakehook {
namespace {

// After this many errors the rest of the patch is not checked.
constexpr std::size_t kErrorsCountedMax = 10 * kErrorsToldMax;
constexpr std::size_t kDataKibMax = kDataBytesMax / 1024;

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

// CustomValues are a resource's custom values by their definitions: in the order of these, and each found by its code
// in a few steps, however many there are.
class CustomValues {
 public:
  // `lookups`: about how many codes will be looked up.
  CustomValues(const Definitions& fields, std::size_t lookups) : fields_(fields), values_(fields.size()) {
    constexpr std::size_t kFewLookups = 16;
    if (lookups <= kFewLookups) return;
    for (std::size_t i = 0; i < fields.size(); ++i) by_uuid_.emplace_back(fields[i]->uuid, i);
    std::ranges::sort(by_uuid_);
  }

  // Takes the values whose definition exists.
  void Put(std::vector<Json::Member> members) {
    for (auto& [code, value] : members) {
      if (const auto place = Find(code)) values_[*place] = std::move(value);
    }
  }
  std::optional<std::size_t> Find(std::string_view code) const {
    const auto uuid = ParseCustomFieldCode(code);
    if (!uuid) return std::nullopt;
    if (by_uuid_.empty()) {
      const auto found = std::ranges::find_if(fields_, [&](const auto& field) { return field->uuid == *uuid; });
      if (found == fields_.end()) return std::nullopt;
      return static_cast<std::size_t>(found - fields_.begin());
    }
    const auto found = std::ranges::lower_bound(by_uuid_, *uuid, {}, &std::pair<Uuid, std::size_t>::first);
    if (found == by_uuid_.end() || found->first != *uuid) return std::nullopt;
    return found->second;
  }
  const CustomField& Definition(std::size_t place) const { return *fields_[place]; }
  // null: no value.
  Json& Value(std::size_t place) { return values_[place]; }
  std::vector<Json::Member> Take() {
    std::vector<Json::Member> members;
    for (std::size_t i = 0; i < values_.size(); ++i) {
      if (!values_[i].is_null()) members.emplace_back(fields_[i]->Code(), std::move(values_[i]));
    }
    return members;
  }

 private:
  const Definitions& fields_;
  std::vector<Json> values_;
  std::vector<std::pair<Uuid, std::size_t>> by_uuid_;  // empty: few codes are looked for
};

// Returns what is wrong with a documented field's value.
std::optional<Complaint> ComplaintAbout(FieldType type, const Json& value) {
  if (type == FieldType::kBoolean) {
    if (value.boolean() != nullptr) return std::nullopt;
    return WrongType("true or false", value);
  }
  const std::string* const text = value.text();
  if (text == nullptr) return WrongType("a string", value);
  if (text->size() > kFieldTextBytesMax) return Complaint("too_long", "is longer than {max} bytes", kFieldTextBytesMax);
  if (type == FieldType::kEmail && text->find('@') == std::string::npos) {
    return Complaint("not_an_email", "must be an e-mail address, with an @");
  }
  return std::nullopt;
}

// An index of an object's members by key: each is found in one step, however many there are.
class MemberIndex {
 public:
  explicit MemberIndex(const Json::Object& members) {
    places_.reserve(members.size());
    for (std::size_t i = 0; i < members.size(); ++i) places_.emplace(members[i].first, i);
  }
  std::optional<std::size_t> Find(std::string_view key) const {
    const auto found = places_.find(key);
    if (found == places_.end()) return std::nullopt;
    return found->second;
  }

 private:
  std::unordered_map<std::string_view, std::size_t> places_;
};

Json MergedValue(Json target, const Json& patch);

// The members of `target` keep their places; new ones follow in the patch's order. The patch has no key twice
// (base/json.h), so that what it adds need not be looked for.
Json::Object MergedMembers(Json::Object target, const Json::Object& patch) {
  const MemberIndex index(target);
  std::vector<bool> gone(target.size());
  Json::Object added;
  for (const auto& [key, value] : patch) {
    const auto place = index.Find(key);
    if (value.is_null()) {
      if (place) gone[*place] = true;
    } else if (place) {
      target[*place].second = MergedValue(std::move(target[*place].second), value);
    } else {
      added.emplace_back(key, MergedValue(Json(), value));
    }
  }
  Json::Object merged;
  merged.reserve(target.size() + added.size());
  for (std::size_t i = 0; i < target.size(); ++i) {
    if (!gone[i]) merged.push_back(std::move(target[i]));
  }
  std::ranges::move(added, std::back_inserter(merged));
  return merged;
}

// Merges by RFC 7396, section 2, into a value that is kept.
Json MergedValue(Json target, const Json& patch) {
  const Json::Object* const members = patch.object();
  if (members == nullptr) return patch;
  Json::Object* const before = target.object();
  return Json(MergedMembers(before != nullptr ? std::move(*before) : Json::Object(), *members));
}

// Adds up the least size of a value's compact JSON, until it is more than a resource may have. A null removes a member,
// so it has no size.
void AddBytes(const Json& value, std::size_t& bytes) {
  if (bytes > kDataBytesMax) return;
  if (const std::string* const text = value.text()) {
    bytes += text->size() + 2;
  } else if (const Json::Array* const array = value.array()) {
    bytes += array->size() + 1;
    for (const Json& each : *array) AddBytes(each, bytes);
  } else if (const Json::Object* const object = value.object()) {
    bytes += 2;
    for (const auto& [key, each] : *object) {
      if (each.is_null()) continue;
      bytes += key.size() + 3;
      AddBytes(each, bytes);
    }
  } else {
    bytes += 1;
  }
}

// Tells whether the value alone is larger than a resource may be, whatever it is merged into.
bool IsTooLarge(const Json& value) {
  std::size_t bytes = 0;
  AddBytes(value, bytes);
  return bytes > kDataBytesMax;
}

// Puts a custom value or removes it; returns what is wrong with it.
std::optional<Complaint> MergeCustom(CustomValues& custom, std::string_view code, const Json& value) {
  const auto place = custom.Find(code);
  if (!place) return Complaint("unknown_field", "no custom field with this code is defined for the venue");
  Json& stored = custom.Value(*place);
  if (Clears(value)) {
    stored = Json();
    return std::nullopt;
  }
  if (value.object() != nullptr && IsTooLarge(value)) {
    return Complaint("too_large", "is larger than {max_kib} KiB, which is the limit for the whole record", kDataKibMax);
  }
  Json merged = MergedValue(stored, value);
  if (const auto checked = CheckCustomValue(custom.Definition(*place), merged); !checked) return checked.error();
  stored = std::move(merged);
  return std::nullopt;
}

void AppendMember(std::string& out, std::string_view key, const Json& value) {
  out += ',';
  AppendJsonText(out, key);
  out += ':';
  AppendJson(out, value);
}

}  // namespace

std::string_view NounOf(ResourceKind kind) { return kind == ResourceKind::kAccount ? "account" : "contact"; }

std::string_view CollectionOf(ResourceKind kind) { return kind == ResourceKind::kAccount ? "accounts" : "contacts"; }

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
  if (members == nullptr) return {{"", WrongType("an object", patch)}};
  Resource merged = resource;
  const bool has_custom = !merged.custom.empty() || std::ranges::any_of(*members, [](const Json::Member& member) {
    return member.first.starts_with(kCustomFieldPrefix);
  });
  std::optional<CustomValues> custom;
  if (has_custom) {
    custom.emplace(fields, merged.custom.size() + members->size());
    custom->Put(std::exchange(merged.custom, {}));
  }
  std::vector<FieldError> errors;
  for (const auto& [key, value] : *members) {
    std::optional<Complaint> complaint;
    if (key == "id") {
      if (value != Json(resource.id.text)) complaint = Complaint("unchangeable", "cannot be changed");
    } else if (key == "created_at") {
      if (value.integer() != UnixMs(resource.created_at)) {
        complaint = Complaint("unchangeable", "is set by the server and cannot be changed");
      }
    } else if (const auto index = IndexOf(resource.kind, key)) {
      if (Clears(value)) {
        merged.documented[*index] = Json();
      } else {
        complaint = ComplaintAbout(DocumentedFields(resource.kind)[*index].type, value);
        if (!complaint) merged.documented[*index] = value;
      }
    } else if (key.starts_with(kCustomFieldPrefix)) {
      complaint = MergeCustom(*custom, key, value);
    } else if (resource.kind == ResourceKind::kAccount) {
      complaint = Complaint("unknown_field", "is not a field of an account");
    } else {
      complaint = Complaint("unknown_field", "is not a field of a contact");
    }
    if (!complaint) continue;
    errors.push_back(errors.size() < kErrorsToldMax ? FieldError{key, *std::move(complaint)} : FieldError::Untold());
    if (errors.size() == kErrorsCountedMax) break;
  }
  if (!errors.empty()) return errors;
  if (custom) merged.custom = custom->Take();
  if (ToData(merged).size() > kDataBytesMax) {
    return {{"", {"too_large", "the whole record is larger than {max_kib} KiB", kDataKibMax}}};
  }
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
  if (resource.custom.empty()) return resource;
  CustomValues custom(fields, resource.custom.size());
  custom.Put(std::exchange(resource.custom, {}));
  resource.custom = custom.Take();
  return resource;
}

}  // namespace shakehook
