// NewestFirstMerge merges the rows of several sources, each of which gives its own newest first (by descending key). It
// reads little from each source at first, and more as more of it is used, so that a page out of a thousand webhooks
// costs a thousand small reads and not a thousand pages.
//
// Threads: one.
#pragma once

#include <algorithm>
#include <cstddef>
#include <functional>
#include <optional>
#include <queue>
#include <utility>
#include <vector>

namespace shakehook::sqlite {

template <class Row>
class NewestFirstMerge {
 public:
  using Key = decltype(Row::key);
  // Returns the `limit` newest rows below `before`; fewer if there are no more.
  using Read = std::function<std::vector<Row>(const Key& before, std::size_t limit)>;

  explicit NewestFirstMerge(const Key& before) : before_(before) {}

  // Must be called before the first Next().
  void Add(Read read) {
    sources_.push_back({.read = std::move(read)});
    Refill(sources_.size() - 1, before_);
  }

  // A key that several sources have is returned once.
  std::optional<Row> Next() {
    while (!heads_.empty()) {
      const std::size_t index = heads_.top().second;
      heads_.pop();
      Source& source = sources_[index];
      Row row = std::move(source.rows[source.next++]);
      if (source.next < source.rows.size()) {
        heads_.emplace(source.rows[source.next].key, index);
      } else if (!source.ended) {
        Refill(index, row.key);
      }
      if (std::exchange(before_, row.key) != row.key) return row;
    }
    return std::nullopt;
  }

 private:
  static constexpr std::size_t kReadMin = 8;
  static constexpr std::size_t kReadMax = 512;

  struct Source {
    Read read;
    std::vector<Row> rows = {};
    std::size_t next = 0;
    std::size_t limit = kReadMin;
    bool ended = false;
  };

  void Refill(std::size_t index, const Key& before) {
    Source& source = sources_[index];
    source.rows = source.read(before, source.limit);
    source.next = 0;
    source.ended = source.rows.size() < source.limit;
    source.limit = std::min(kReadMax, source.limit * 4);
    if (!source.rows.empty()) heads_.emplace(source.rows.front().key, index);
  }

  Key before_;
  std::vector<Source> sources_;
  std::priority_queue<std::pair<Key, std::size_t>> heads_;  // the next row of each source
};

}  // namespace shakehook::sqlite
