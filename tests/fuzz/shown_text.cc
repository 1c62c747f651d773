// Text from elsewhere, as it is shown to a person: it is always UTF-8, and contains nothing that a terminal obeys.
#include <cstdint>

#include "base/check.h"
#include "base/inert_text.h"
#include "base/json.h"
#include "base/utf8.h"

namespace shakehook {
namespace {

void Check(std::string_view text) {
  const std::string valid = ToValidUtf8(text);
  CHECK(IsUtf8(valid));
  CHECK(ToValidUtf8(valid) == valid);
  if (IsUtf8(text)) CHECK(valid == text);

  const std::string inert = InertText(text);
  CHECK(IsUtf8(inert));
  CHECK(InertText(inert) == inert);
  for (const char c : inert) CHECK(static_cast<unsigned char>(c) >= ' ' && c != '\x7f');
  for (const std::string_view mark :
       {"\xe2\x80\xae", "\xe2\x80\x8f", "\xe2\x81\xa6", "\xe2\x80\xa8", "\xd8\x9c", "\xc2\x9b", "\xc2\x85"}) {
    CHECK(!inert.contains(mark));
  }

  // Inside a JSON string it means the same as before.
  if (!IsUtf8(text)) return;
  std::string written;
  AppendJsonText(written, text);
  const auto read = ParseJson(InertText(written));
  CHECK(read && *read->text() == text);
}

}  // namespace
}  // namespace shakehook

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  shakehook::Check({reinterpret_cast<const char*>(data), size});
  return 0;
}
