// HttpServerLane is one loop's share of an HttpServer: the connections that live there, the Date they send, and one
// periodic sweep that ends requests which take too long (a timer for each operation costs more than the rest of it).
//
// Ownership: knows its connections, which own themselves (each lives in its coroutine).
// Threads:   lives on its loop; in_flight() from any thread.
#pragma once

#include <atomic>
#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <memory>
#include <optional>
#include <vector>

#include "net/address_shares.h"
#include "net/http_response_head.h"
#include "net/http_server.h"
#include "net/http_server_memory.h"

namespace shakehook {

class HttpServerConnection;

// The state that all lanes of a server share.
struct HttpServerShared {
  explicit HttpServerShared(HttpServer::Options server_options)
      : options(std::move(server_options)),
        held(options.limits.held_bytes_max),
        worked_on(options.limits.worked_on_bytes_max) {
    if (const auto max = options.limits.connections_per_address_max) address_shares.emplace(*max);
  }

  // Whoever connects by a Unix socket is on this machine.
  asio::ip::address PeerOf(const asio::basic_stream_socket<asio::ip::tcp, Executor>& socket) const {
    if (!options.socket_path.empty()) return asio::ip::address_v4::loopback();
    boost::system::error_code ignored;  // a client that is gone by now is met at the first read
    return socket.remote_endpoint(ignored).address();
  }

  HttpServer::Options options;
  HttpServerMemory held, worked_on;
  std::optional<AddressShares> address_shares;  // absent: each may have as many connections as there are
  HttpServer::Handler handler;
  std::atomic<bool> draining = false;
  std::atomic<std::size_t> connections = 0;  // connections that are served
  std::atomic<std::size_t> refusals = 0;     // connections over the limit that are being told so
};

class HttpServerLane {
 public:
  using Socket = asio::basic_stream_socket<asio::ip::tcp, Executor>;
  enum class Admission : std::uint8_t {
    kServe,
    kInPlaceOfAnother,  // replaces the one that is idle longest; like kRefuse if none is idle
    kRefuse,
    kRefuseAddress,  // it has its share
  };

  HttpServerLane(Loop& loop, HttpServerShared& shared)
      : loop_(loop), shared_(shared), certificate_(shared.options.certificate) {}

  // Counts the connection in, serves it or tells it that there are too many, and counts it out. `server` keeps this
  // lane alive meanwhile.
  void Serve(Socket socket, Admission admission, AddressShares::Place place, std::shared_ptr<void> server);
  // Counts out a connection that was counted in and has ended, or is not served.
  void CountOut(Admission admission);
  // For the connections that come from now on.
  void UseCertificate(std::shared_ptr<const ServerCertificate> certificate) { certificate_ = std::move(certificate); }
  // Closes the connections that wait for a request.
  void CloseIdle();
  void CloseAll();
  // Ends connections of this lane whose clients are slow, until `bytes` are given back, or no slow ones are left: first
  // those that have shown no key, then the slowest. If `asking` has shown no key, only connections without a key are
  // ended. Returns how many bytes were given back.
  std::size_t EndSlowest(std::size_t bytes, const HttpServerConnection& asking);
  // Ends the connections of one owner whose clients take nothing of their responses. Returns how many bytes were given
  // back.
  std::size_t EndStalled(const std::string& owner);
  // Counts a connection that waits for room while it lives; each looks for room again and again.
  class RoomWait {
   public:
    explicit RoomWait(HttpServerLane& lane) : lane_(lane) { ++lane_.waiting_for_room_; }
    ~RoomWait() { --lane_.waiting_for_room_; }
    RoomWait(const RoomWait&) = delete;
    RoomWait& operator=(const RoomWait&) = delete;

   private:
    HttpServerLane& lane_;
  };
  static constexpr int kWaitingForRoomMax = 256;
  bool MayWaitForRoom() const { return waiting_for_room_ < kWaitingForRoomMax; }
  // Closes the connection whose client has kept it waiting longest. Returns false if there is none.
  bool CloseLongestIdle();

  std::size_t in_flight() const { return in_flight_.load(std::memory_order_relaxed); }

  // Used by connections.
  Loop& loop() const { return loop_; }
  HttpServerShared& shared() const { return shared_; }
  // Null: no TLS.
  const ServerCertificate* certificate() const { return certificate_.get(); }
  SteadyTime Now() const { return loop_.clock().Steady(); }
  const std::string& DateNow() { return date_.At(loop_.clock().Now()); }
  // Written by this loop alone, so that no locked instruction is needed.
  void BeginRequest() { in_flight_.store(in_flight() + 1, std::memory_order_relaxed); }
  void EndRequest() { in_flight_.store(in_flight() - 1, std::memory_order_relaxed); }
  void Add(HttpServerConnection& connection);
  void Remove(HttpServerConnection& connection);

 private:
  Async<> Run(Socket socket, Admission admission, AddressShares::Place place, std::shared_ptr<void> server);
  void Sweep(std::shared_ptr<void> server);
  void ArmSweep(std::shared_ptr<void> server);

  Loop& loop_;
  HttpServerShared& shared_;
  std::shared_ptr<const ServerCertificate> certificate_;
  DateHeader date_;
  std::vector<HttpServerConnection*> connections_;  // each knows its place
  bool sweep_armed_ = false;
  int waiting_for_room_ = 0;
  SteadyTime nobody_slow_until_ = SteadyTime::min();
  SteadyTime nobody_stalls_until_ = SteadyTime::min();
  std::atomic<std::size_t> in_flight_ = 0;
};

}  // namespace shakehook
