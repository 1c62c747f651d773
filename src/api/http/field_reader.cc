#include "api/http/field_reader.h"

#include <algorithm>
#include <utility>

#include "base/utf8.h"

namespace shakehook {
namespace {

// The year 9999 ends here; a greater number is in the wrong unit.
constexpr std::int64_t kUnixMsMax = 253'402'300'799'999;
constexpr std::size_t kBytesOfCharacterMax = 4;

}  // namespace

FieldReader::FieldReader(const Json& object, std::string path) : object_(object), path_(std::move(path)) {
  if (object.object() == nullptr) Refuse("", WrongType("an object", object));
}

const Json* FieldReader::Any(std::string_view name) {
  known_.push_back(name);
  return object_.Find(name);
}

const Json* FieldReader::Value(std::string_view name) {
  const Json* const value = Any(name);
  return value == nullptr || value->is_null() ? nullptr : value;
}

std::optional<std::string> FieldReader::Text(std::string_view name, std::size_t bytes_max) {
  const Json* const value = Value(name);
  if (value == nullptr) return std::nullopt;
  if (value->text() == nullptr) {
    Refuse(name, WrongType("a string", *value));
  } else if (value->text()->size() > bytes_max) {
    Refuse(name, {"too_long", "is longer than {max} bytes", bytes_max});
  } else {
    return *value->text();
  }
  return std::nullopt;
}

std::optional<bool> FieldReader::Boolean(std::string_view name) {
  const Json* const value = Value(name);
  if (value == nullptr) return std::nullopt;
  if (value->boolean() != nullptr) return *value->boolean();
  Refuse(name, WrongType("true or false", *value));
  return std::nullopt;
}

std::optional<std::int64_t> FieldReader::Integer(std::string_view name, std::int64_t min, std::int64_t max) {
  const Json* const value = Value(name);
  if (value == nullptr) return std::nullopt;
  const std::optional<std::int64_t> integer = value->integer();
  if (integer && *integer >= min && *integer <= max) return integer;
  Refuse(name, value->number() == nullptr
                   ? WrongType("an integer", *value)
                   : Complaint("not_in_range", "must be an integer from {min} to {max}", min, max));
  return std::nullopt;
}

std::optional<Timestamp> FieldReader::Time(std::string_view name) {
  const std::optional<std::int64_t> unix_ms = Integer(name, 0, kUnixMsMax);
  if (!unix_ms) return std::nullopt;
  return FromUnixMs(*unix_ms);
}

const Json* FieldReader::Object(std::string_view name) {
  const Json* const value = Value(name);
  if (value == nullptr || value->object() != nullptr) return value;
  Refuse(name, WrongType("an object", *value));
  return nullptr;
}

const Json* FieldReader::Array(std::string_view name) {
  const Json* const value = Value(name);
  if (value == nullptr || value->array() != nullptr) return value;
  Refuse(name, WrongType("an array", *value));
  return nullptr;
}

std::string FieldReader::RequiredText(std::string_view name, std::size_t bytes_max) {
  const std::size_t before = errors_.size();
  std::optional<std::string> text = Text(name, bytes_max);
  if (errors_.size() == before && (!text || text->empty())) Refuse(name, {"required", "is required"});
  return std::move(text).value_or("");
}

std::optional<std::string> FieldReader::PresentText(std::string_view name, std::size_t bytes_max) {
  std::optional<std::string> text = Text(name, bytes_max);
  if (IsNull(name) || (text && text->empty())) Refuse(name, {"not_clearable", "cannot be cleared"});
  return text;
}

std::optional<std::string> FieldReader::PresentName(std::string_view name, std::size_t characters_max) {
  std::optional<std::string> text = PresentText(name, characters_max * kBytesOfCharacterMax);
  if (text && CountCharacters(*text) > characters_max) {
    Refuse(name, {"too_long", "is longer than {max} characters", characters_max});
  }
  return text;
}

std::optional<std::string> FieldReader::ChosenId(std::string_view name) {
  const Json* const value = Any(name);
  if (value == nullptr) return std::nullopt;
  if (value->text() != nullptr && IsValidTextId(*value->text())) return *value->text();
  Refuse(name, BadTextId());
  return std::nullopt;
}

void FieldReader::Unchangeable(std::string_view name, const Json& value) {
  const Json* const given = Any(name);
  if (given != nullptr && *given != value) Refuse(name, {"unchangeable", "cannot be changed"});
}

void FieldReader::Refuse(std::string_view name, Complaint complaint) {
  errors_.push_back({PathOf(name), std::move(complaint)});
}

void FieldReader::Take(std::vector<FieldError> errors) { std::ranges::move(errors, std::back_inserter(errors_)); }

std::vector<FieldError> FieldReader::Errors() {
  if (object_.object() != nullptr) {
    for (const auto& [name, value] : *object_.object()) {
      if (std::ranges::find(known_, name) != known_.end()) continue;
      if (errors_.size() < kErrorsToldMax) {
        Refuse(name, {"unknown_field", "is not a known field"});
      } else {
        errors_.push_back(FieldError::Untold());
      }
    }
  }
  return std::exchange(errors_, {});
}

std::optional<Problem> FieldReader::Finish() {
  std::vector<FieldError> errors = Errors();
  if (errors.empty()) return std::nullopt;
  return Invalid(std::move(errors));
}

std::string FieldReader::PathOf(std::string_view name) const {
  std::string path = path_;
  if (!path.empty() && !name.empty()) path += '.';
  path += name;
  return path;
}

}  // namespace shakehook
