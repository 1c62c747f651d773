// OpenApiSpec checks responses by openapi.json. For tests of src/api: the server must do what its description says.
#pragma once

#include <algorithm>
#include <map>
#include <regex>
#include <string>
#include <string_view>
#include <vector>

#include "api/http/percent_coding.h"
#include "api/site/embedded_file.h"
#include "base/ascii.h"
#include "base/check.h"
#include "base/json.h"

namespace shakehook {

class OpenApiSpec {
 public:
  OpenApiSpec() : root_(Read()) {}
  explicit OpenApiSpec(Json root) : root_(std::move(root)) {}

  const Json& root() const { return root_; }

  // Returns what is wrong with a response to `path` (without query); empty: nothing. `body` as it was sent.
  std::vector<std::string> FaultsOf(std::string_view method, std::string_view path, int status,
                                    std::string_view content_type, std::string_view body) const {
    const Json* const item = FindPath(path);
    if (item == nullptr) return Unless(status == 404 || status == 401, "the path is not described");
    const Json* const operation = item->Find(LowerAscii(method == "HEAD" ? "GET" : method));
    if (operation == nullptr) {
      return Unless(status == 405 || status == 401 || method == "OPTIONS", "the method is not described");
    }
    const Json* response = operation->Find("responses")->Find(std::to_string(status));
    if (response == nullptr) return {"the status " + std::to_string(status) + " is not described"};
    response = &Resolve(*response);
    const Json* const content = response->Find("content");
    if (content == nullptr) return Unless(body.empty(), "a body is not described");
    const std::string type(content_type.substr(0, content_type.find(';')));
    const Json* const media = content->Find(type);
    if (media == nullptr) return {"the content type \"" + type + "\" is not described"};
    if (!type.ends_with("json") || method == "HEAD") return {};
    const auto json = ParseJson(body);
    if (!json) return {"the body is not JSON"};
    return FaultsOf(*media->Find("schema"), *json);
  }

  // Returns the parts of `value` that the schema does not allow. It knows the keywords that openapi.json uses.
  std::vector<std::string> FaultsOf(const Json& schema, const Json& value) const {
    std::vector<std::string> faults;
    Check(schema, value, "body", faults);
    return faults;
  }

  // Returns the object itself, or the one that its `$ref` names.
  const Json& Resolve(const Json& object) const {
    const Json* const ref = object.Find("$ref");
    if (ref == nullptr) return object;  // NOLINT(bugprone-return-const-ref-from-parameter): it is a part of root_
    const Json* at = &root_;
    std::string_view rest = *ref->text();
    CHECK(rest.starts_with("#/"));
    rest.remove_prefix(1);
    while (!rest.empty()) {
      rest.remove_prefix(1);
      const std::string_view key = rest.substr(0, rest.find('/'));
      at = at->Find(key);
      if (at == nullptr) return *ref;  // a text, in which no object is found
      rest.remove_prefix(key.size());
    }
    return *at;
  }

 private:
  using Faults = std::vector<std::string>;

  static Json Read() {
    auto json = ParseJson(DescriptionFiles().front().bytes);
    CHECK(json);
    return *std::move(json);
  }

  static Faults Unless(bool fine, std::string fault) { return fine ? Faults() : Faults{std::move(fault)}; }

  // A literal path goes before one with parameters.
  const Json* FindPath(std::string_view path) const {
    const Json* found = nullptr;
    std::size_t fewest = SIZE_MAX;
    for (const auto& [described, item] : *root_.Find("paths")->object()) {
      const auto parameters = static_cast<std::size_t>(std::ranges::count(described, '{'));
      if (parameters >= fewest || !Matches(described, path)) continue;
      fewest = parameters;
      found = &item;
    }
    return found;
  }

  static bool Matches(std::string_view described, std::string_view path) {
    while (!described.empty() && !path.empty()) {
      described.remove_prefix(1);
      path.remove_prefix(1);
      const std::string_view expected = described.substr(0, described.find('/'));
      const std::string_view segment = path.substr(0, path.find('/'));
      if (expected.starts_with('{') ? segment.empty() : expected != PercentDecode(segment, PlusSign::kItself))
        return false;
      described.remove_prefix(expected.size());
      path.remove_prefix(segment.size());
    }
    return described.empty() && path.empty();
  }

  static bool IsOfType(std::string_view type, const Json& value) {
    if (type == "null") return value.is_null();
    if (type == "boolean") return value.boolean() != nullptr;
    if (type == "integer") return value.integer().has_value();
    if (type == "number") return value.number() != nullptr;
    if (type == "string") return value.text() != nullptr;
    if (type == "array") return value.array() != nullptr;
    return value.object() != nullptr;
  }

  void Check(const Json& given, const Json& value, const std::string& at, Faults& faults) const {
    const Json& schema = Resolve(given);
    if (schema.object() == nullptr) {
      faults.push_back(at + ": its schema does not exist");
      return;
    }
    const auto refuse = [&](const std::string& why) { faults.push_back(at + ": " + ToString(value) + " " + why); };
    if (const Json* const type = schema.Find("type")) {
      const bool fits =
          type->text() != nullptr
              ? IsOfType(*type->text(), value)
              : std::ranges::any_of(*type->array(), [&](const Json& one) { return IsOfType(*one.text(), value); });
      if (!fits) return refuse("is not of type " + ToString(*type));
    }
    if (const Json* const only = schema.Find("const"); only != nullptr && *only != value) refuse("is another value");
    if (const Json* const values = schema.Find("enum")) {
      if (std::ranges::find(*values->array(), value) == values->array()->end()) refuse("is none of the values");
    }
    if (const Json* const pattern = schema.Find("pattern"); pattern != nullptr && value.text() != nullptr) {
      if (!MatchesPattern(*value.text(), *pattern->text())) refuse("does not match the pattern");
    }
    if (const Json* const parts = schema.Find("allOf")) {
      for (const Json& part : *parts->array()) Check(part, value, at, faults);
    }
    if (const Json* const choices = schema.Find("oneOf")) {
      const auto fitting =
          std::ranges::count_if(*choices->array(), [&](const Json& choice) { return FaultsOf(choice, value).empty(); });
      if (fitting != 1) refuse("fits " + std::to_string(fitting) + " of the choices");
    }
    if (value.array() != nullptr) CheckItems(schema, value, at, faults);
    if (value.object() != nullptr) CheckMembers(schema, value, at, faults);
  }

  void CheckItems(const Json& schema, const Json& value, const std::string& at, Faults& faults) const {
    if (const Json* const min = schema.Find("minItems")) {
      if (static_cast<std::int64_t>(value.array()->size()) < *min->integer())
        faults.push_back(at + ": has too few items");
    }
    const Json* const items = schema.Find("items");
    if (items == nullptr) return;
    for (std::size_t i = 0; i < value.array()->size(); ++i) {
      Check(*items, (*value.array())[i], at + "." + std::to_string(i), faults);
    }
  }

  void CheckMembers(const Json& schema, const Json& value, const std::string& at, Faults& faults) const {
    if (const Json* const required = schema.Find("required")) {
      for (const Json& name : *required->array()) {
        if (value.Find(*name.text()) == nullptr) faults.push_back(at + ": lacks " + *name.text());
      }
    }
    const Json* const properties = schema.Find("properties");
    const Json* const more = schema.Find("additionalProperties");
    for (const auto& [name, member] : *value.object()) {
      const std::string below = at + "." + name;
      const Json* member_schema = properties == nullptr ? nullptr : properties->Find(name);
      if (member_schema == nullptr) member_schema = FindByPattern(schema, name);
      if (member_schema == nullptr && more != nullptr && more->object() != nullptr) member_schema = more;
      if (member_schema != nullptr) {
        Check(*member_schema, member, below, faults);
      } else if (more != nullptr && more->boolean() != nullptr && !*more->boolean()) {
        faults.push_back(below + ": is not described");
      }
    }
  }

  const Json* FindByPattern(const Json& schema, const std::string& name) const {
    const Json* const patterns = schema.Find("patternProperties");
    if (patterns == nullptr) return nullptr;
    for (const auto& [pattern, member_schema] : *patterns->object()) {
      if (MatchesPattern(name, pattern)) return &member_schema;
    }
    return nullptr;
  }

  bool MatchesPattern(const std::string& text, const std::string& pattern) const {
    const auto [entry, is_new] = patterns_.try_emplace(pattern);
    if (is_new) entry->second = std::regex(pattern);
    return std::regex_search(text, entry->second);
  }

  Json root_;
  mutable std::map<std::string, std::regex> patterns_;  // compiled, because that is slow
};

}  // namespace shakehook
