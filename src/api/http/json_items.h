// The items of a JSON array that is the body of a request: found and counted before any is parsed, then parsed in
// pieces, so that a body of many megabytes holds nobody up.
#pragma once

#include <expected>
#include <optional>
#include <string_view>
#include <vector>

#include "api/http/api_request.h"
#include "api/http/problem.h"
#include "base/json.h"

namespace shakehook {

// The limits of one item: far more than any resource has.
inline constexpr std::size_t kItemBytesMax = 1024 * 1024;
inline constexpr std::size_t kItemValuesMax = 100'000;
// The limit of all items together: up to it their values stay in memory; beyond it only the texts, which are parsed
// when they are used.
inline constexpr std::size_t kValuesKeptMax = 250'000;

// JsonItemScanner finds the items of an array without parsing them; ParseJson checks the text between two of them.
// Items that are too large, and those beyond `items_max`, are only counted.
class JsonItemScanner {
 public:
  JsonItemScanner(std::string_view text, std::size_t items_max) : text_(text), items_max_(items_max) {}

  // Reads on, to the byte `end` at most. Returns false if there is no need to go on.
  bool ReadTo(std::size_t end);

  // Once the text is read:
  bool is_array() const { return is_array_; }
  // Tells whether the array ended, and nothing follows.
  bool is_whole() const { return state_ == State::kBehind; }
  std::size_t count() const { return count_; }
  std::size_t values() const { return values_; }
  const std::vector<std::string_view>& items() const { return items_; }
  // Returns the first item that is too large; nullopt: none is.
  std::optional<std::size_t> too_large() const { return too_large_; }

 private:
  enum class State { kBefore, kItems, kBehind, kWrong };

  void Take(char c);
  void EndItem();

  std::string_view text_;
  std::size_t items_max_;
  State state_ = State::kBefore;
  bool is_array_ = false;
  std::size_t at_ = 0;
  std::size_t begin_ = 0;  // the offset where the item begins
  std::size_t depth_ = 0;  // within the item
  bool in_text_ = false;
  bool escaped_ = false;
  std::size_t item_values_ = 1;
  std::size_t values_ = 0;
  std::size_t count_ = 0;
  std::vector<std::string_view> items_;
  std::optional<std::size_t> too_large_;
};

// The items of a body, all of them JSON. They refer to the body, which outlives them.
class JsonItems {
 public:
  // Reads the items. The problem: 415, or 400 if the body is not JSON, as JsonBody says; 422 if it is no array, has
  // more than `items_max` items, or one that is too large.
  static Async<std::expected<JsonItems, Problem>> Read(const ApiRequest& request, std::size_t items_max);

  std::size_t size() const { return texts_.size(); }
  std::size_t BytesOf(std::size_t index) const { return texts_[index].size(); }
  // Returns the item: kept, or parsed into `room`, to which the result may refer. A long one is parsed in turns.
  Async<const Json*> Get(Loop& loop, std::size_t index, Json& room) const;

  // Frees the kept values, in turns: very many values take time here too.
  Async<> Drop(Loop& loop);

 private:
  std::vector<std::string_view> texts_;
  std::vector<Json> kept_;  // empty: they are too many
};

}  // namespace shakehook
