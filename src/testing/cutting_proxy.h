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
#include <utility>

#include "base/loop.h"

namespace shakehook {

class CuttingProxy {
 public:
  enum class Side { kRequest, kAnswer };

  // `path` and `server` are the paths of the sockets.
  CuttingProxy(Loop& loop, const std::string& path, std::string server);
  // Takes no further connections; those that there are go on.
  ~CuttingProxy();
  CuttingProxy(const CuttingProxy&) = delete;
  CuttingProxy& operator=(const CuttingProxy&) = delete;

  // Cuts the connection at the `number`-th request or answer from now on, once; counted from 1.
  void CutAt(Side side, int number);
  // Tells whether that has happened.
  bool cut() const { return !state_->armed; }

 private:
  using Protocol = asio::local::stream_protocol;
  using Socket = asio::basic_stream_socket<Protocol, Executor>;
  struct Pair {
    explicit Pair(Executor executor) : client(executor), server(executor) {}
    void Close();
    Socket client, server;
  };

  // Coroutines outlive the proxy, so they share this.
  struct State {
    State(Loop& own, const std::string& path, std::string to)
        : loop(own), server(std::move(to)), acceptor(own.executor(), Protocol::endpoint(path)) {}
    // Counts a request or an answer; returns whether the connection is to be cut at it.
    bool CutsNow(Side at);

    Loop& loop;
    const std::string server;
    asio::basic_socket_acceptor<Protocol, Executor> acceptor;
    bool armed = false;
    Side side = Side::kRequest;
    int left = 0;
  };

  static Async<> Accept(std::shared_ptr<State> state);
  static Async<> Pump(std::shared_ptr<State> state, std::shared_ptr<Pair> pair, Side side);

  std::shared_ptr<State> state_;
};

}  // namespace shakehook
