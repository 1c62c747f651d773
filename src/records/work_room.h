// Memory for rows that may be large. How much they take turns out only when they are read: rows that have no room are
// dropped, and read again once they have.
//
// Threads: on the caller's loop.
#pragma once

#include <cstddef>
#include <expected>
#include <functional>
#include <optional>
#include <utility>

#include "base/loop.h"
#include "store/refusal.h"

namespace shakehook {

// WorkRoom is where a reader of rows takes memory for them and for what is made of them. The caller of the reader gives
// it, and gets the memory back when the call has ended.
struct WorkRoom {
  // Takes room for work on this many stored bytes, in place of what was taken before. Returns false if there is none
  // now. Absent: there is always room.
  std::function<bool(std::size_t bytes)> take;
  // Does the same, and waits for the room. Returns false if it did not come in time.
  std::function<Async<bool>(std::size_t bytes)> wait;
};

// Why rows were not read: the store refused, or there was no room (`refusal` is absent then).
struct NotRead {
  std::optional<Refusal> refusal = {};
};

// Reads rows by `read()`, which returns an Async<Stored<std::vector<...>>> each time that it is called. `bytes_of(row)`
// returns the bytes of one. `bytes` are those of the rows that were read before and are kept; it is raised by these.
template <class Read, class BytesOf>
auto ReadInRoom(const WorkRoom& room, std::size_t& bytes, Read read, BytesOf bytes_of)
    -> Async<std::expected<typename decltype(read())::value_type::value_type, NotRead>> {
  constexpr int kReadsMax = 4;  // the rows may grow between two reads
  for (int reads = 1;; ++reads) {
    std::size_t all = bytes;
    {
      auto rows = co_await read();
      if (!rows) co_return std::unexpected(NotRead{std::move(rows.error())});
      for (const auto& row : *rows) all += bytes_of(row);
      if (!room.take || room.take(all)) {
        bytes = all;
        co_return *std::move(rows);
      }
    }
    if (reads == kReadsMax || !co_await room.wait(all)) co_return std::unexpected(NotRead{});
  }
}

}  // namespace shakehook
