// Memory for responses and changes that may be large: what is read for them has its place in the server's budget
// (net/response_room.h) before anything is made of it.
#pragma once

#include <cstddef>
#include <expected>
#include <string_view>
#include <utility>

#include "api/api_services.h"
#include "api/http/api_request.h"
#include "api/http/problem.h"
#include "records/work_room.h"

namespace shakehook {

enum class RoomFor { kAnswer, kWork };

// Takes room for a response, or a change, that is made of this many bytes, in place of what was taken for it before.
// A little always has room. Returns false if there is none now.
bool TakeRoom(ApiServices& services, ApiRequest& request, RoomFor what, std::size_t bytes);
// Does the same, and waits for the room. Returns false if it did not come in time.
Async<bool> WaitForRoom(ApiServices& services, ApiRequest& request, RoomFor what, std::size_t bytes);
// The problem of a request for which no room came in time: 503.
Problem NoRoom();

struct RoomNeeded {
  RoomFor what = RoomFor::kAnswer;
  std::size_t already = 0;  // bytes that were read before and are kept
};

// Reads rows in the room that they need (records/work_room.h), and counts them for the quota.
template <class Read, class BytesOf>
auto ReadRows(ApiServices& services, ApiRequest& request, std::string_view noun, RoomNeeded room, Read read,
              BytesOf bytes_of) -> Async<std::expected<typename decltype(read())::value_type::value_type, Problem>> {
  const WorkRoom work{.take = [&](std::size_t bytes) { return TakeRoom(services, request, room.what, bytes); },
                      .wait = [&](std::size_t bytes) { return WaitForRoom(services, request, room.what, bytes); }};
  const auto counted = [&]() -> decltype(read()) {
    auto rows = co_await read();
    if (rows) request.rows_read += static_cast<std::int64_t>(rows->size());
    co_return rows;
  };
  std::size_t bytes = room.already;
  auto rows = co_await ReadInRoom(work, bytes, counted, std::move(bytes_of));
  if (rows) co_return *std::move(rows);
  if (rows.error().refusal) co_return std::unexpected(FromRefusal(*rows.error().refusal, noun));
  co_return std::unexpected(NoRoom());
}

}  // namespace shakehook
