#include "base/json.h"

#include <algorithm>
#include <array>
#include <boost/json/basic_parser_impl.hpp>
#include <boost/unordered/unordered_flat_set.hpp>
#include <charconv>
#include <cmath>
#include <functional>

#include "base/check.h"
#include "base/json_reader.h"

namespace shakehook {
namespace {

// The digits and the exponent of the shortest decimal that reads back as `value`, spelled as ECMAScript spells it.
std::string JavaScriptNumber(double value) {
  CHECK(std::isfinite(value));
  if (value == 0) return "0";
  std::array<char, 32> buffer;
  const auto end =
      std::to_chars(buffer.data(), buffer.data() + buffer.size(), std::abs(value), std::chars_format::scientific);
  const std::string_view text(buffer.data(), end.ptr - buffer.data());
  const std::size_t exponent_at = text.find('e');
  std::string digits;
  for (const char c : text.substr(0, exponent_at)) {
    if (c != '.') digits.push_back(c);
  }
  int exponent = 0;
  const std::string_view exponent_text = text.substr(exponent_at + 1);
  std::from_chars(exponent_text.data() + (exponent_text[0] == '+'), exponent_text.data() + exponent_text.size(),
                  exponent);

  const int digit_count = static_cast<int>(digits.size());
  const int point = exponent + 1;  // the number of digits before the decimal point
  std::string out(value < 0 ? "-" : "");
  if (digit_count <= point && point <= 21) {
    out += digits + std::string(point - digit_count, '0');
  } else if (0 < point && point <= 21) {
    out += digits.substr(0, point) + "." + digits.substr(point);
  } else if (-6 < point && point <= 0) {
    out += "0." + std::string(-point, '0') + digits;
  } else {
    out += digits.substr(0, 1);
    if (digit_count > 1) out += "." + digits.substr(1);
    out += exponent < 0 ? "e-" : "e+";
    out += std::to_string(std::abs(exponent));
  }
  return out;
}

// The most values that one JSON text may have; it bounds the memory and the time of reading. A text that is stored or
// sent has a third of them at most.
constexpr std::size_t kValuesMax = 100'000;

// Builds a Json from the parser's calls.
class Builder {
 public:
  using error_code = boost::json::error_code;
  using string_view = boost::json::string_view;

  static constexpr std::size_t max_object_size = -1;
  static constexpr std::size_t max_array_size = -1;
  static constexpr std::size_t max_key_size = -1;
  static constexpr std::size_t max_string_size = -1;

  Json TakeResult() { return std::move(root_); }
  const std::string& refusal() const { return refusal_; }

  bool on_document_begin(error_code&) { return true; }
  bool on_document_end(error_code&) { return true; }
  bool on_object_begin(error_code& error) { return Count(error) && Open(Json(Json::Object())); }
  bool on_object_end(std::size_t, error_code& error) {
    const Level& level = open_.back();
    const Json::Object& object = *level.value.object();
    if (object.size() > kFewMembers && !level.may_repeat) return Close();
    if (const std::string* twice = RepeatedKey(object)) {
      return Refuse("the key \"" + *twice + "\" occurs twice in one object", error);
    }
    return Close();
  }
  bool on_array_begin(error_code& error) { return Count(error) && Open(Json(Json::Array())); }
  bool on_array_end(std::size_t, error_code&) { return Close(); }
  bool on_key_part(string_view part, std::size_t, error_code&) { return Append(part); }
  bool on_key(string_view part, std::size_t, error_code&) {
    Append(part);
    open_.back().key = std::exchange(text_, {});
    NoteKey(open_.back());
    return true;
  }
  bool on_string_part(string_view part, std::size_t, error_code&) { return Append(part); }
  bool on_string(string_view part, std::size_t, error_code& error) {
    Append(part);
    return Count(error) && Put(Json(std::exchange(text_, {})));
  }
  bool on_number_part(string_view part, error_code&) { return Append(part); }
  bool on_int64(std::int64_t value, string_view part, error_code& error) {
    Append(part);
    std::string text = std::exchange(text_, {});
    return Count(error) && Put(Json(Json::Number{value == 0 ? "0" : std::move(text)}));
  }
  bool on_uint64(std::uint64_t, string_view part, error_code& error) {
    Append(part);
    return Count(error) && Put(Json(Json::Number{std::exchange(text_, {})}));
  }
  bool on_double(double approximate, string_view part, error_code& error) {
    Append(part);
    const std::string text = std::exchange(text_, {});
    double value = 0;
    const auto result = std::from_chars(text.data(), text.data() + text.size(), value);
    if (result.ec == std::errc::result_out_of_range) {
      // Too small is zero, as JavaScript reads it; too large has no value at all.
      if (std::abs(approximate) > 1) return Refuse("the number " + text + " is out of range", error);
      value = 0;
    }
    return Count(error) && Put(Json(Json::Number{JavaScriptNumber(value)}));
  }
  bool on_bool(bool value, error_code& error) { return Count(error) && Put(Json(value)); }
  bool on_null(error_code& error) { return Count(error) && Put(Json()); }
  bool on_comment_part(string_view, error_code&) { return true; }
  bool on_comment(string_view, error_code&) { return true; }

 private:
  struct Level {
    Json value;  // the array or object that is being read
    std::string key;
    // The hashes of the keys of an object that has many members. Noting them as they come spreads the work over the
    // pieces of a text.
    boost::unordered_flat_set<std::size_t> hashes = {};
    bool may_repeat = false;  // two keys have one hash
  };
  static constexpr std::size_t kFewMembers = 24;

  static void NoteKey(Level& level) {
    constexpr std::hash<std::string> kHash{};
    const Json::Object& object = *level.value.object();
    if (object.size() < kFewMembers) return;
    if (object.size() == kFewMembers) {
      for (const Json::Member& member : object) level.may_repeat |= !level.hashes.insert(kHash(member.first)).second;
    }
    level.may_repeat |= !level.hashes.insert(kHash(level.key)).second;
  }

  static const std::string* RepeatedKey(const Json::Object& object) {
    if (object.size() <= kFewMembers) {
      for (std::size_t i = 1; i < object.size(); ++i) {
        for (std::size_t j = 0; j < i; ++j) {
          if (object[i].first == object[j].first) return &object[i].first;
        }
      }
      return nullptr;
    }
    std::vector<const std::string*> keys;
    keys.reserve(object.size());
    for (const Json::Member& member : object) keys.push_back(&member.first);
    std::ranges::sort(keys, [](const std::string* left, const std::string* right) { return *left < *right; });
    const auto twice = std::ranges::adjacent_find(
        keys, [](const std::string* left, const std::string* right) { return *left == *right; });
    return twice == keys.end() ? nullptr : *twice;
  }

  bool Count(error_code& error) {
    if (++values_ <= kValuesMax) return true;
    return Refuse("there are more than " + std::to_string(kValuesMax) + " values", error);
  }
  bool Append(string_view part) {
    text_.append(part.data(), part.size());
    return true;
  }
  bool Open(Json value) {
    open_.push_back({std::move(value), {}});
    return true;
  }
  bool Close() {
    Json value = std::move(open_.back().value);
    open_.pop_back();
    return Put(std::move(value));
  }
  bool Put(Json value) {
    if (open_.empty()) {
      root_ = std::move(value);
    } else if (Json::Array* array = open_.back().value.array()) {
      array->push_back(std::move(value));
    } else {
      open_.back().value.object()->emplace_back(std::move(open_.back().key), std::move(value));
    }
    return true;
  }
  bool Refuse(std::string reason, error_code& error) {
    refusal_ = std::move(reason);
    error = boost::json::error::exception;
    return false;
  }

  Json root_;
  std::vector<Level> open_;
  std::string text_;
  std::string refusal_;
  std::size_t values_ = 0;
};

}  // namespace

Json::Json(std::int64_t value) : value_(Number{std::to_string(value)}) {}
Json::Json(std::uint64_t value) : value_(Number{std::to_string(value)}) {}
Json::Json(double value) : value_(Number{JavaScriptNumber(value)}) {}

std::optional<std::int64_t> Json::integer() const {
  const Number* text = number();
  if (text == nullptr) return std::nullopt;
  std::int64_t value = 0;
  const char* const end = text->text.data() + text->text.size();
  const auto result = std::from_chars(text->text.data(), end, value);
  if (result.ec != std::errc() || result.ptr != end) return std::nullopt;
  return value;
}

std::optional<double> Json::real() const {
  const Number* text = number();
  if (text == nullptr) return std::nullopt;
  double value = 0;
  std::from_chars(text->text.data(), text->text.data() + text->text.size(), value);
  return value;
}

const Json* Json::Find(std::string_view key) const {
  const Object* members = object();
  if (members == nullptr) return nullptr;
  const auto found = std::ranges::find(*members, key, &Member::first);
  return found == members->end() ? nullptr : &found->second;
}

Json& Json::Add(std::string key, Json value) {
  if (is_null()) value_ = Object();
  Object* members = object();
  CHECK(members != nullptr);
  members->emplace_back(std::move(key), std::move(value));
  return *this;
}

std::string_view Json::KindName() const {
  static constexpr std::array<std::string_view, 6> kNames = {"null",     "a boolean", "a number",
                                                             "a string", "an array",  "an object"};
  return kNames[value_.index()];
}

struct JsonReader::State {
  State() : parser(Options()) {}
  static boost::json::parse_options Options() {
    boost::json::parse_options options;
    options.max_depth = kJsonDepthMax;
    return options;
  }
  // False: the text is wrong.
  bool Read(std::string_view piece, bool more) {
    if (error) return false;
    const std::size_t bytes = parser.write_some(more, piece.data(), piece.size(), error);
    if (!error && bytes < piece.size()) error = boost::json::error::extra_data;
    read += bytes;
    return !error;
  }
  std::expected<Json, JsonError> Result() {
    if (!error) return parser.handler().TakeResult();
    const std::string& refusal = parser.handler().refusal();
    return std::unexpected(
        JsonError{(refusal.empty() ? error.message() : refusal) + " (at byte " + std::to_string(read) + ")"});
  }

  boost::json::basic_parser<Builder> parser;
  boost::json::error_code error;
  std::size_t read = 0;  // bytes
};

JsonReader::JsonReader() : state_(std::make_unique<State>()) {}

JsonReader::~JsonReader() = default;

bool JsonReader::Add(std::string_view piece) { return state_->Read(piece, true); }

std::expected<Json, JsonError> JsonReader::Finish() {
  state_->Read({}, false);
  return state_->Result();
}

std::expected<Json, JsonError> ParseJson(std::string_view text) {
  JsonReader::State state;
  state.Read(text, false);
  return state.Result();
}

void AppendJsonText(std::string& out, std::string_view text) {
  static constexpr char kDigits[] = "0123456789abcdef";
  out.push_back('"');
  std::size_t plain = 0;  // the offset where the part that needs no escape begins
  for (std::size_t i = 0; i < text.size(); ++i) {
    const unsigned char c = text[i];
    if (c >= 0x20 && c != '"' && c != '\\') continue;
    out.append(text, plain, i - plain);
    plain = i + 1;
    switch (c) {
      case '"':
        out += "\\\"";
        break;
      case '\\':
        out += "\\\\";
        break;
      case '\b':
        out += "\\b";
        break;
      case '\f':
        out += "\\f";
        break;
      case '\n':
        out += "\\n";
        break;
      case '\r':
        out += "\\r";
        break;
      case '\t':
        out += "\\t";
        break;
      default:
        out += "\\u00";
        out.push_back(kDigits[c >> 4]);
        out.push_back(kDigits[c & 0x0f]);
    }
  }
  out.append(text, plain);
  out.push_back('"');
}

void AppendJson(std::string& out, const Json& value) {
  if (const std::string* text = value.text()) {
    AppendJsonText(out, *text);
  } else if (const Json::Number* number = value.number()) {
    out += number->text;
  } else if (const bool* boolean = value.boolean()) {
    out += *boolean ? "true" : "false";
  } else if (const Json::Array* array = value.array()) {
    out.push_back('[');
    for (std::size_t i = 0; i < array->size(); ++i) {
      if (i > 0) out.push_back(',');
      AppendJson(out, (*array)[i]);
    }
    out.push_back(']');
  } else if (const Json::Object* object = value.object()) {
    out.push_back('{');
    for (std::size_t i = 0; i < object->size(); ++i) {
      if (i > 0) out.push_back(',');
      AppendJsonText(out, (*object)[i].first);
      out.push_back(':');
      AppendJson(out, (*object)[i].second);
    }
    out.push_back('}');
  } else {
    out += "null";
  }
}

std::string ToString(const Json& value) {
  std::string out;
  AppendJson(out, value);
  return out;
}

}  // namespace shakehook
