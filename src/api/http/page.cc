#include "api/http/page.h"

#include "base/encoding.h"
#include "base/json.h"

namespace shakehook {
namespace {

std::optional<std::string> DecodeCursor(std::string_view list, std::string_view cursor) {
  const auto bytes = FromBase64Url(cursor);
  if (!bytes) return std::nullopt;
  const std::string_view text(reinterpret_cast<const char*>(bytes->data()), bytes->size());
  if (!text.starts_with(list) || text.size() <= list.size() || text[list.size()] != ':') return std::nullopt;
  return std::string(text.substr(list.size() + 1));
}

}  // namespace

PageRequest ReadPage(ParameterReader& parameters, std::string_view list,
                     const std::function<bool(std::string_view)>& is_key) {
  PageRequest page{.list = std::string(list)};
  page.limit = static_cast<std::size_t>(parameters.Integer("limit", 1, kPageItemsMax).value_or(kPageItems));
  if (const std::string* const cursor = parameters.Any("cursor")) {
    const std::optional<std::string> key = DecodeCursor(list, *cursor);
    if (key && is_key(*key)) {
      page.after = *key;
    } else {
      parameters.Refuse("cursor", {"bad_cursor", "is not a cursor of this list"});
    }
  }
  return page;
}

void PageBody::Add(std::string_view item) {
  if (!empty_) body_ += ',';
  empty_ = false;
  body_ += item;
}

std::string PageBody::Finish(std::string_view list, const std::optional<std::string>& last_key,
                             std::optional<std::size_t> total) {
  body_ += "],\"next_cursor\":";
  if (last_key) {
    AppendJsonText(body_, EncodeCursor(list, *last_key));
  } else {
    body_ += "null";
  }
  if (total) body_ += ",\"total\":" + std::to_string(*total);
  body_ += '}';
  return std::move(body_);
}

std::string EncodeCursor(std::string_view list, std::string_view key) {
  std::string text(list);
  text += ':';
  text += key;
  return ToBase64Url(AsBytes(text));
}

}  // namespace shakehook
