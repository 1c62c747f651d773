// A Sentence is a message for a person, with the values in it by name, so that a client can say it in another language.
//
//   Sentence sentence("is longer than {max} bytes", 1024);   // text "is longer than 1024 bytes", params {"max": 1024}
//
// A form is a literal. Its placeholders are counted when it is compiled: a value that is missing or too many is an
// error of the compiler. Braces around anything but a name are braces (sentences speak of JSON).
#pragma once

#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

#include "base/json.h"

namespace shakehook {

// Returns the index behind the placeholder that begins at `at`; npos: none begins there.
constexpr std::size_t EndOfPlaceholder(std::string_view form, std::size_t at) {
  if (form[at] != '{') return std::string_view::npos;
  const std::size_t end = form.find_first_not_of("abcdefghijklmnopqrstuvwxyz_", at + 1);
  return end != std::string_view::npos && end > at + 1 && form[end] == '}' ? end + 1 : std::string_view::npos;
}

constexpr std::size_t CountPlaceholders(std::string_view form) {
  std::size_t count = 0;
  for (std::size_t at = 0; at < form.size(); ++at)
    count += EndOfPlaceholder(form, at) != std::string_view::npos ? 1 : 0;
  return count;
}

// Not constexpr, so that a call ends the compilation; its name is the message.
void TheSentenceHasAnotherNumberOfPlaceholders();

// A SentenceForm is a literal with `Count` placeholders.
template <std::size_t Count>
struct SentenceForm {
  // NOLINTNEXTLINE(google-explicit-constructor): a literal is written where a form is expected.
  consteval SentenceForm(const char* literal) : text(literal) {
    if (CountPlaceholders(text) != Count) TheSentenceHasAnotherNumberOfPlaceholders();
  }
  std::string_view text;
};

// A SentenceValue is what takes the place of a placeholder: an integer, or a text.
class SentenceValue {
 public:
  SentenceValue(std::integral auto number) : text_(std::to_string(number)), param_(static_cast<std::int64_t>(number)) {}
  SentenceValue(std::string_view text);
  SentenceValue(const std::string& text) : SentenceValue(std::string_view(text)) {}
  SentenceValue(const char* text) : SentenceValue(std::string_view(text)) {}

  const std::string& text() const { return text_; }
  // The value for a client. A text is cut after 256 bytes: it may quote what a client sent, which has no bound of its
  // own.
  const Json& param() const { return param_; }

 private:
  std::string text_;
  Json param_;
};

struct Sentence {
  template <class... Values>
  Sentence(SentenceForm<sizeof...(Values)> form, const Values&... values)
      : Sentence(form.text, {SentenceValue(values)...}) {}

  // Returns a sentence whose words are known only when the program runs (a parser's message); it has no values.
  static Sentence OfText(std::string text);

  bool operator==(const Sentence&) const = default;

  std::string text;
  Json params{Json::Object()};

 private:
  Sentence(std::string_view form, std::initializer_list<SentenceValue> values);
};

}  // namespace shakehook
