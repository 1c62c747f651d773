#include "api/http/json_items.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "api/http/json_body.h"
#include "base/loop_turn.h"

namespace shakehook {
namespace {

constexpr std::size_t kScannedPerTurn = 512 * 1024;
constexpr std::size_t kSmallBytes = 1024 * 1024;

bool IsSpace(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

}  // namespace

bool JsonItemScanner::ReadTo(std::size_t end) {
  for (end = std::min(end, text_.size()); at_ < end && state_ != State::kWrong; ++at_) Take(text_[at_]);
  return at_ < text_.size() && state_ != State::kWrong;
}

void JsonItemScanner::Take(char c) {
  if (state_ != State::kItems) {
    if (IsSpace(c)) return;
    const bool begins = state_ == State::kBefore && c == '[';
    is_array_ = is_array_ || begins;
    state_ = begins ? State::kItems : State::kWrong;
    begin_ = at_ + 1;
    return;
  }
  if (in_text_) {
    in_text_ = escaped_ || c != '"';
    escaped_ = !escaped_ && c == '\\';
    return;
  }
  if (c == '"') {
    in_text_ = true;
  } else if (c == '[' || c == '{') {
    ++depth_;
    ++item_values_;
  } else if (depth_ > 0) {
    if (c == ']' || c == '}') --depth_;
    if (c == ',') ++item_values_;
  } else if (c == ',' || c == ']') {
    // An array may be empty; an item may not.
    const std::string_view item = text_.substr(begin_, at_ - begin_);
    if (c == ',' || count_ > 0 || !std::ranges::all_of(item, IsSpace)) EndItem();
    if (c == ']') state_ = State::kBehind;
  }
}

void JsonItemScanner::EndItem() {
  const std::string_view item = text_.substr(begin_, at_ - begin_);
  values_ += item_values_;
  if (!too_large_ && (item.size() > kItemBytesMax || item_values_ > kItemValuesMax)) too_large_ = count_;
  if (items_.size() < items_max_) items_.push_back(item);
  ++count_;
  begin_ = at_ + 1;
  item_values_ = 1;
}

Async<std::expected<JsonItems, Problem>> JsonItems::Read(const ApiRequest& request, std::size_t items_max) {
  const auto body = JsonText(request);
  if (!body) co_return std::unexpected(body.error());
  const std::string_view text = *body;
  JsonItemScanner scanner(text, items_max);
  for (std::size_t end = kScannedPerTurn; scanner.ReadTo(end); end += kScannedPerTurn) co_await NextTurn(request.loop);
  if (!scanner.is_array() && text.size() <= kSmallBytes) {
    const auto json = ReadJson(text);
    if (!json) co_return std::unexpected(json.error());
    co_return std::unexpected(Invalid("", WrongType("an array", *json)));
  }
  if (!scanner.is_array()) co_return std::unexpected(Invalid("", {"wrong_type", "must be an array"}));
  if (!scanner.is_whole() && text.size() <= kSmallBytes) {
    if (const auto json = ReadJson(text); !json) co_return std::unexpected(json.error());
  }
  if (!scanner.is_whole()) {
    co_return std::unexpected(
        Problem("malformed", "The body is not JSON: the array does not end where the body ends."));
  }
  if (scanner.count() > items_max) {
    co_return std::unexpected(Invalid(
        "", {"too_many_items", "has {count} items; a batch may have {max} at most", scanner.count(), items_max}));
  }
  if (scanner.too_large()) {
    co_return std::unexpected(Invalid(
        std::to_string(*scanner.too_large()),
        {"too_large", "is larger than {max_mib} MiB, or has more than {max_values} values", 1, kItemValuesMax}));
  }
  JsonItems items;
  items.texts_ = scanner.items();
  const bool keep = scanner.values() <= kValuesKeptMax;
  TurnBudget budget;
  for (std::size_t i = 0; i < items.size(); ++i) {
    auto json = co_await ReadJsonInTurns(request.loop, items.texts_[i], std::to_string(i));
    if (!json) co_return std::unexpected(std::move(json.error()));
    if (keep) items.kept_.push_back(*std::move(json));
    if (budget.Spend(items.BytesOf(i))) co_await NextTurn(request.loop);
  }
  co_return items;
}

Async<const Json*> JsonItems::Get(Loop& loop, std::size_t index, Json& room) const {
  if (!kept_.empty()) co_return &kept_[index];
  room = *co_await ReadJsonInTurns(loop, texts_[index]);
  co_return &room;
}

Async<> JsonItems::Drop(Loop& loop) {
  constexpr std::size_t kItemsPerTurn = 64;
  while (!kept_.empty()) {
    kept_.resize(kept_.size() - std::min(kept_.size(), kItemsPerTurn));
    if (!kept_.empty()) co_await NextTurn(loop);
  }
}

}  // namespace shakehook
