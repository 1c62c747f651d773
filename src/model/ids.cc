#include "model/ids.h"

namespace shakehook {
namespace {

bool IsAlphanumeric(char c) { return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }

constexpr std::size_t kTextIdBytesMax = 128;

}  // namespace

bool IsValidTextId(std::string_view text) {
  if (text.empty() || text.size() > kTextIdBytesMax || !IsAlphanumeric(text[0])) return false;
  for (const char c : text) {
    if (!IsAlphanumeric(c) && c != '.' && c != '_' && c != '-') return false;
  }
  return text != "batch";  // "batch" is a part of paths, in the place of an id
}

}  // namespace shakehook
