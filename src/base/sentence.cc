#include "base/sentence.h"

#include <utility>

#include "base/utf8.h"

namespace shakehook {
namespace {

constexpr std::size_t kParamBytesMax = 256;

}  // namespace

SentenceValue::SentenceValue(std::string_view text) : text_(text), param_(CutUtf8(text, kParamBytesMax)) {}

Sentence::Sentence(std::string_view form, std::initializer_list<SentenceValue> values) {
  const SentenceValue* value = values.begin();
  for (std::size_t at = 0; at < form.size();) {
    const std::size_t end = EndOfPlaceholder(form, at);
    if (end == std::string_view::npos) {
      text += form[at++];
      continue;
    }
    text += value->text();
    params.Add(std::string(form.substr(at + 1, end - at - 2)), value->param());
    ++value;
    at = end;
  }
}

Sentence Sentence::OfText(std::string text) {
  Sentence sentence("");
  sentence.text = std::move(text);
  return sentence;
}

}  // namespace shakehook
