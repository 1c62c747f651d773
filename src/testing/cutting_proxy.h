// CuttingProxy stands between a client and a server on sockets of this machine, and cuts a connection at a chosen
// moment: at a request, which the server then never gets, or at an answer, of which the client never hears although the
// server did what it was asked for. A request or an answer is what is read at once.
//
// Ownership: the loop outlives it.
// Threads:   its loop's.
#pragma once

#include <array>
#include <boost/asio/local/stream_protocol.hpp>
#include <memory>
#include <optional>
#include <string>

#include "base/loop.h"

namespace shakehook {

class CuttingProxy {
 public:
  enum class Side { kRequest, kAnswer };

  // `path` and `server` are the paths of the sockets.
  CuttingProxy(Loop& loop, const std::string& path, std::string server);

  // Cuts the connection at the `number`-th request or answer from now on, once; counted from 1.
  void CutAt(Side side, int number);
  // Tells whether that has happened.
  bool cut() const { return !armed_; }

 private:
  using Protocol = asio::local::stream_protocol;
  using Socket = asio::basic_stream_socket<Protocol, Executor>;
  struct Pair {
    explicit Pair(Executor executor) : client(executor), server(executor) {}
    void Close();
    Socket client, server;
  };

  Async<> Accept();
  Async<> Pump(std::shared_ptr<Pair> pair, Side side);
  // Counts a request or an answer; returns whether the connection is to be cut at it.
  bool CutsNow(Side side);

  Loop& loop_;
  const std::string server_;
  asio::basic_socket_acceptor<Protocol, Executor> acceptor_;
  bool armed_ = false;
  Side side_ = Side::kRequest;
  int left_ = 0;
};

}  // namespace shakehook
