// Json is a JSON value (RFC 8259) that keeps what Boost.JSON's own value loses: a number's exact digits and the order
// of an object's keys. Boost.JSON's parser reads it; the writer is ours.
//
// Numbers: integers within int64 and uint64 come out as they are; others as the shortest decimal that JavaScript's
// JSON.stringify prints (ECMAScript 2024, 6.1.6.1.20). The parser refuses a number that fits neither (1e400), and an
// object that has the same key twice.
// Text: UTF-8, escaped only where JSON demands it.
#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace shakehook {

class Json {
 public:
  struct Null {
    bool operator==(const Null&) const = default;
  };
  // The text of the number in compact JSON.
  struct Number {
    std::string text;
    bool operator==(const Number&) const = default;
  };
  using Array = std::vector<Json>;
  using Member = std::pair<std::string, Json>;
  // In the order the members were read or added.
  using Object = std::vector<Member>;

  Json() = default;  // null
  Json(std::nullptr_t) {}
  Json(bool value) : value_(value) {}
  Json(std::int64_t value);
  Json(int value) : Json(static_cast<std::int64_t>(value)) {}
  Json(std::uint64_t value);
  Json(double value);  // precondition: finite
  Json(Number value) : value_(std::move(value)) {}
  Json(std::string value) : value_(std::move(value)) {}
  Json(std::string_view value) : value_(std::string(value)) {}
  Json(const char* value) : value_(std::string(value)) {}
  Json(Array value) : value_(std::move(value)) {}
  Json(Object value) : value_(std::move(value)) {}
  template <class T>
  Json(const std::optional<T>& value) {
    if (value) *this = Json(*value);
  }

  bool operator==(const Json&) const = default;

  bool is_null() const { return std::holds_alternative<Null>(value_); }
  // Each is null where the value is of another kind.
  const bool* boolean() const { return std::get_if<bool>(&value_); }
  const Number* number() const { return std::get_if<Number>(&value_); }
  const std::string* text() const { return std::get_if<std::string>(&value_); }
  const Array* array() const { return std::get_if<Array>(&value_); }
  const Object* object() const { return std::get_if<Object>(&value_); }
  Array* array() { return std::get_if<Array>(&value_); }
  Object* object() { return std::get_if<Object>(&value_); }
  // The number, if it is an integer within int64.
  std::optional<std::int64_t> integer() const;
  std::optional<double> real() const;

  // The member of an object; null where there is none or this is no object.
  const Json* Find(std::string_view key) const;
  // Adds a member at the end. Precondition: an object (or null, which becomes one) without that key.
  Json& Add(std::string key, Json value);

  // "null", "a boolean", "a number", "a string", "an array", "an object": for messages.
  std::string_view KindName() const;

 private:
  std::variant<Null, bool, Number, std::string, Array, Object> value_;
};

struct JsonError {
  std::string message;  // for a person, with the position
};

// Limits: nesting of 32, the caller bounds the size.
inline constexpr std::size_t kJsonDepthMax = 32;

// Reads one JSON text, with or without white space around it.
std::expected<Json, JsonError> ParseJson(std::string_view text);

// Appends compact JSON.
void AppendJson(std::string& out, const Json& value);
void AppendJsonText(std::string& out, std::string_view text);
std::string ToString(const Json& value);

}  // namespace shakehook
