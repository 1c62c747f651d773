// ResponseRoom is where a handler takes memory for a large response before it makes it, and for the records that a
// change reads and makes beyond its body. It is a part of HttpServerMemory's budget; it is given back when the response
// is out.
//
// Ownership: belongs to the connection of the request.
// Threads:   on the connection's loop.
#pragma once

#include <cstddef>
#include <string>

#include "base/loop.h"

namespace shakehook {

class HttpConnectionMemory;

class ResponseRoom {
 public:
  explicit ResponseRoom(HttpConnectionMemory& memory) : memory_(memory) {}

  // Takes room for a response of that owner (as BodyAdmission::owner), instead of what was taken for it before. False:
  // there is none now, and nothing has changed.
  bool Take(const std::string& owner, std::size_t bytes);
  // The same, and waits until there is: Limits::room_wait_max at most, and no longer than the client does. False: it
  // did not come.
  Async<bool> TakeSoon(std::string owner, std::size_t bytes);
  // The same for what is worked on beside the body.
  bool TakeForWork(const std::string& owner, std::size_t bytes);
  Async<bool> TakeForWorkSoon(std::string owner, std::size_t bytes);

 private:
  HttpConnectionMemory& memory_;
};

}  // namespace shakehook
