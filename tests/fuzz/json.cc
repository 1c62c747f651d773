// A JSON body that is read and written again means the same, and its text is UTF-8.
#include "base/json.h"

#include <cstdint>

#include "base/check.h"
#include "base/utf8.h"

namespace shakehook {
namespace {

void CheckKeys(const Json& value, std::size_t depth) {
  CHECK(depth <= kJsonDepthMax);
  if (const auto* array = value.array()) {
    for (const Json& item : *array) CheckKeys(item, depth + 1);
  }
  if (const auto* object = value.object()) {
    for (const auto& [key, member] : *object) {
      CHECK(value.Find(key) == &member);  // no key occurs twice
      CheckKeys(member, depth + 1);
    }
  }
}

void Check(std::string_view text) {
  const auto value = ParseJson(text);
  if (!value) {
    CHECK(!value.error().message.empty());
    return;
  }
  CHECK(IsUtf8(text));
  CheckKeys(*value, 0);
  const std::string compact = ToString(*value);
  CHECK(IsUtf8(compact));
  const auto again = ParseJson(compact);
  CHECK(again && *again == *value);
  CHECK(ToString(*again) == compact);
}

}  // namespace
}  // namespace shakehook

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  shakehook::Check({reinterpret_cast<const char*>(data), size});
  return 0;
}
