// WorldClient is a client at a World's listener. It writes and reads the bytes of a real connection of this machine;
// only the time is virtual. Time does not pass while bytes are on their way in the kernel, so that a seed repeats a
// run.
//
// Ownership: refers to its world, which outlives it.
// Threads:   one.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "testing/world/world.h"

namespace shakehook {

class WorldClient {
 public:
  using Headers = std::vector<std::pair<std::string, std::string>>;

  explicit WorldClient(World& world);
  ~WorldClient();
  WorldClient(const WorldClient&) = delete;
  WorldClient& operator=(const WorldClient&) = delete;

  // Returns the text of a request.
  static std::string Request(std::string_view method, std::string_view path, std::string_view body = {},
                             const Headers& headers = {});

  // Sends the bytes, and runs the world until it has read what it reads of them. No virtual time passes.
  void Send(std::string_view bytes);
  // Sends the bytes and does not run the world. Bytes that the server's side has no room for are dropped.
  void SendAlone(std::string_view bytes);
  // Returns the next response; nullopt if the server closes the connection first. Virtual time passes while the server
  // waits for something.
  std::optional<World::Response> Receive();
  // Returns the next response if it has come whole; no virtual time passes.
  std::optional<World::Response> ReceiveNow();
  // The same without running the world.
  std::optional<World::Response> ReceiveAlone();
  // Sends a request, and returns its response. Precondition: the server does not close the connection.
  World::Response Call(std::string_view method, std::string_view path, std::string_view body = {},
                       const Headers& headers = {});
  // Closes the connection, whatever is on its way.
  void HangUp();
  // Tells whether the server has closed the connection, as far as the client has read.
  bool closed() const { return closed_; }

 private:
  // Reads the bytes that have come; returns whether there were any.
  bool Read();
  // Waits in real time for bytes that the kernel still has; returns false once that has been in vain some times.
  bool AwaitBytes(int& quiet) const;
  std::optional<World::Response> TakeResponse();

  World& world_;
  int socket_ = -1;
  std::string received_;
  bool closed_ = false;
};

}  // namespace shakehook
