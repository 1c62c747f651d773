// HttpServerLane is one loop's share of an HttpServer: the connections that live there, the Date they send, and the one
// sweep that ends what takes too long (a timer per operation costs more than the rest of it).
//
// Ownership: knows its connections, which own themselves (each lives in its coroutine).
// Threads:   lives on its loop; in_flight() from any thread.
#pragma once

#include <atomic>
#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <memory>
#include <vector>

#include "net/http_response_head.h"
#include "net/http_server.h"

namespace shakehook {

class HttpServerConnection;

// What all lanes of a server share.
struct HttpServerShared {
  HttpServer::Options options;
  HttpServer::Handler handler;
  std::atomic<bool> draining = false;
  std::atomic<std::size_t> connections = 0;  // that are served
  std::atomic<std::size_t> refusals = 0;     // connections over the limit that are being told so
};

class HttpServerLane {
 public:
  using Socket = asio::basic_stream_socket<asio::ip::tcp, Executor>;
  enum class Admission : std::uint8_t { kServe, kRefuse };

  HttpServerLane(Loop& loop, HttpServerShared& shared) : loop_(loop), shared_(shared) {}

  // Counts the connection in, serves it or tells it that there are too many, and counts it out. `server` keeps this
  // lane alive meanwhile.
  void Serve(Socket socket, Admission admission, std::shared_ptr<void> server);
  // Those that wait for a request.
  void CloseIdle();
  void CloseAll();

  std::size_t in_flight() const { return in_flight_.load(std::memory_order_relaxed); }

  // For connections.
  Loop& loop() const { return loop_; }
  HttpServerShared& shared() const { return shared_; }
  SteadyTime Now() const { return loop_.clock().Steady(); }
  const std::string& DateNow() { return date_.At(loop_.clock().Now()); }
  // Written by this loop alone, so that no locked instruction is needed.
  void BeginRequest() { in_flight_.store(in_flight() + 1, std::memory_order_relaxed); }
  void EndRequest() { in_flight_.store(in_flight() - 1, std::memory_order_relaxed); }
  void Add(HttpServerConnection& connection);
  void Remove(HttpServerConnection& connection);

 private:
  Async<> Run(Socket socket, Admission admission, std::shared_ptr<void> server);
  void Sweep(std::shared_ptr<void> server);
  void ArmSweep(std::shared_ptr<void> server);

  Loop& loop_;
  HttpServerShared& shared_;
  DateHeader date_;
  std::vector<HttpServerConnection*> connections_;  // each knows its place
  bool sweep_armed_ = false;
  std::atomic<std::size_t> in_flight_ = 0;
};

}  // namespace shakehook
