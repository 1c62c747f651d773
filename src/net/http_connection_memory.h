// HttpConnectionMemory is what one connection holds of its server's memory: what comes, the response that is made and
// goes, and what is worked on in between.
//
// Ownership: a part of its HttpServerConnection.
// Threads:   on the connection's loop.
#pragma once

#include <cstddef>
#include <string>

#include "net/http_server_memory.h"
#include "net/response_room.h"

namespace shakehook {

class HttpServerConnection;
class HttpServerLane;

class HttpConnectionMemory {
 public:
  HttpConnectionMemory(HttpServerLane& lane, const HttpServerConnection& connection);

  // Begins a new request, whose owner is not known yet.
  void BeginRequest();
  // Holds the bytes that came of a request without a key. Returns false if they have no place.
  bool HoldWhatCame(std::size_t bytes);
  // Holds the body of a request that has shown a key. Waits for room; returns false if none came in time.
  Async<bool> HoldBody(std::string owner, std::size_t bytes, std::size_t work_factor);
  // Called before the handler gets a body that was held so. Waits, as HoldBody does.
  Async<bool> HoldWork(std::size_t body_bytes);
  // Holds a response that was made, instead of the body. Returns false if it has no place.
  bool HoldResponse(std::size_t bytes);
  void ForceResponse(std::size_t bytes) { held_.Force(bytes); }
  void EndWork();
  void Release();

  ResponseRoom& room() { return room_; }
  std::size_t held_bytes() const { return held_.bytes(); }
  const std::string& owner() const { return held_.owner(); }
  // The request has shown whose it is.
  bool owned() const { return !held_.owner().empty(); }

 private:
  friend class ResponseRoom;

  // How long a wait goes on in which nothing that is in the way is given back.
  enum class Patience : std::uint8_t { kShort, kLong };
  Async<bool> HoldSoon(HttpServerMemory::Hold& hold, std::size_t bytes, Patience patience = Patience::kLong);
  // Ends slow clients to make room. Returns false if `bytes` still have no place.
  bool HoldAtOthersCost(std::size_t bytes);

  HttpServerLane& lane_;
  const HttpServerConnection& connection_;
  HttpServerMemory::Hold held_;       // the request that comes, and the response that is made or goes
  HttpServerMemory::Hold worked_on_;  // while the handler has the body
  std::size_t work_factor_ = 0;
  std::size_t work_beside_ = 0;  // the part of worked_on_ that is not for the body
  ResponseRoom room_{*this};
};

}  // namespace shakehook
