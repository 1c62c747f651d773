// Memory for answers and changes that may be large: what is read for them has its place in the server's budget
// (net/answer_room.h) before anything is made of it.
#pragma once

#include <cstddef>
#include <expected>
#include <string_view>
#include <utility>

#include "api/api_services.h"
#include "api/http/api_request.h"
#include "api/http/problem.h"

namespace shakehook {

enum class RoomFor { kAnswer, kWork };

// Takes room for an answer, or a change, that is made of so many bytes, instead of what was taken for it before. Little
// has room always. False: there is none now.
bool TakeRoom(ApiServices& services, ApiRequest& request, RoomFor what, std::size_t bytes);
// Waits for it. False: it did not come in time.
Async<bool> WaitForRoom(ApiServices& services, ApiRequest& request, RoomFor what, std::size_t bytes);
// 503: it did not come in time.
Problem NoRoom();

struct RoomNeeded {
  RoomFor what = RoomFor::kAnswer;
  std::size_t already = 0;  // bytes of what was read before, and is still there
};

// Reads rows, and counts them for the quota. How much they are turns out when they are read: where they have no place
// they are dropped, and read again once they have. `read` gives an Async<Stored<std::vector<...>>>, each time it is
// called; `bytes_of` says how many bytes one of its rows has.
template <class Read, class BytesOf>
auto ReadRows(ApiServices& services, ApiRequest& request, std::string_view noun, RoomNeeded room, Read read,
              BytesOf bytes_of) -> Async<std::expected<typename decltype(read())::value_type::value_type, Problem>> {
  constexpr int kReadsMax = 4;  // the rows may grow meanwhile
  for (int reads = 1;; ++reads) {
    std::size_t bytes = room.already;
    {
      auto rows = co_await read();
      if (!rows) co_return std::unexpected(FromRefusal(rows.error(), noun));
      for (const auto& row : *rows) bytes += bytes_of(row);
      request.rows_read += static_cast<std::int64_t>(rows->size());
      if (TakeRoom(services, request, room.what, bytes)) co_return *std::move(rows);
    }
    if (reads == kReadsMax) co_return std::unexpected(Unavailable("What is read changes all the time; try again."));
    if (!co_await WaitForRoom(services, request, room.what, bytes)) co_return std::unexpected(NoRoom());
  }
}

}  // namespace shakehook
