// HttpServerConnection serves one client: reads requests, hands each to the handler, writes the responses in order.
//
// Ownership: its socket; the lane and the server's shared state outlive it.
// Threads:   lives on its lane's loop.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>

#include "net/hang_up.h"
#include "net/http_connection_memory.h"
#include "net/http_request_reader.h"
#include "net/http_server_lane.h"
#include "net/tls_server_stream.h"

namespace shakehook {

class HttpServerConnection {
 public:
  HttpServerConnection(HttpServerLane& lane, HttpServerLane::Socket socket, HttpServerLane::Admission admission);
  ~HttpServerConnection();
  HttpServerConnection(const HttpServerConnection&) = delete;
  HttpServerConnection& operator=(const HttpServerConnection&) = delete;

  // Runs until the connection has ended.
  Async<> Run();

  // For the lane.
  // Slowness says how slowly the client sends, or takes, what memory is held for. Connections that have shown no key
  // come first, then those with fewer bytes a second.
  struct Slowness {
    bool proven = false;
    double bytes_a_second = 0;

    auto operator<=>(const Slowness&) const = default;
  };
  // Returns nullopt if ending the connection frees no memory, or its transfer has only just begun.
  std::optional<Slowness> SlownessAt(SteadyTime now) const;
  // Its client has taken nothing of a response for a while.
  bool Stalls(SteadyTime now) const;
  const HttpConnectionMemory& memory() const { return memory_; }
  // Tells the client to come again or, if a response is under way, closes the connection. Returns the bytes that it
  // held.
  std::size_t EndForRoom();
  // Tells whether it has shown a key, or its request was answered.
  bool proven() const { return answered_ || memory_.owned(); }
  // Its client still waits for a response, as far as is known, and the server for its requests.
  bool wanted() const { return !draining() && socket_.is_open() && !gone_.stop_requested(); }
  // Returns since when the connection waits for its client, with no request that has shown a key; nullopt: it does not.
  std::optional<SteadyTime> IdleSince(SteadyTime now) const;
  void CheckDeadline(SteadyTime now);
  void CloseIfIdle();
  void Close();
  std::size_t place() const { return place_; }
  void set_place(std::size_t place) { place_ = place; }

 private:
  enum class Waiting : std::uint8_t { kForHandshake, kForRequest, kForRest, kForHandler, kForWrite, kForClose };

  Async<> Serve();
  // Returns false if the connection must end.
  Async<bool> BeginTls();
  // Waits until the socket is ready for that. Returns false if the connection must end.
  Async<bool> Ready(asio::socket_base::wait_type what);
  // Counts the memory of a record that has come in part. Returns false if it has no place.
  bool HoldPartOfRecord();
  // Reads at least one byte, or fails.
  Async<std::size_t> ReadTls(std::span<char> space, boost::system::error_code& error);
  // Returns false if the connection must end.
  Async<bool> ReadRequest();
  // Called when the head is there. Returns nullopt if the request was refused, and the connection must end.
  Async<std::optional<HttpRequestReader::Progress>> BeginBody();
  // Tells a client that waits for it to send the body.
  Async<std::optional<HttpRequestReader::Progress>> Continue(HttpRequestReader::Progress progress);
  Async<HttpResponse> Handle(asio::ip::address peer);
  // Holds the response, or makes a refusal of one that has no place and tells of no change.
  void HoldResponse(HttpResponse& response, bool reads);
  Async<> RefuseForRoom(std::string_view detail);
  Async<bool> Respond(HttpResponse response);
  Async<bool> RespondWithStream(HttpResponse response);
  Async<> Refuse(int status, std::string_view detail);
  Async<> RefuseWith(HttpResponse response);
  HttpResponse Refusal(int status, std::string_view detail) const;
  Async<bool> Write(std::string_view first, std::string_view second);
  Async<bool> WriteTls(std::string_view first, std::string_view second);
  void ShutDownSending();
  Async<> Stream(HttpResponse& response, ResponseFraming::Body framing);
  Async<> WatchForClose();
  Async<> WatchEnded();
  Async<> Linger();

  void Wait(Waiting waiting, std::optional<Milliseconds> at_most);
  void BeginMoving();
  bool draining() const { return shared_.draining.load(std::memory_order_relaxed); }

  HttpServerLane& lane_;
  HttpServerShared& shared_;
  HttpServerLane::Socket socket_;
  const HttpServerLane::Admission admission_;
  std::size_t place_ = 0;  // its place in the lane's list

  std::unique_ptr<TlsServerStream> tls_;  // null: no TLS
  HttpRequestReader reader_;
  std::string head_;  // the response's head; kept for its memory

  Waiting waiting_ = Waiting::kForRequest;
  SteadyTime deadline_ = SteadyTime::max();
  SteadyTime waiting_since_ = SteadyTime::min();
  bool timed_out_ = false;
  bool in_flight_ = false;  // the lane counts its request
  // The transfer under way: a request that comes, or a response that goes.
  SteadyTime moving_since_ = SteadyTime::min();
  std::size_t bytes_moved_ = 0;
  SteadyTime taken_at_ = SteadyTime::min();  // when the client last took something of the response

  HttpConnectionMemory memory_;
  bool answered_ = false;  // its request was answered, except for the bytes
  bool ended_for_room_ = false;
  bool head_only_ = false;  // the request was a HEAD
  std::stop_source gone_;   // stopped once the client hung up while a request was worked on

  // While a stream is sent.
  bool client_gone_ = false;
  bool watching_ = false;
  Task on_watch_ended_;
};

inline void HttpServerConnection::CheckDeadline(SteadyTime now) {
  if (now < deadline_) return;
  const bool worked_on = waiting_ == Waiting::kForHandler;
  const bool gone = worked_on && HasHungUp(socket_.native_handle());
  if (gone) gone_.request_stop();
  deadline_ = worked_on && !gone ? now + kHangUpCheck : SteadyTime::max();
  if (worked_on) return;
  timed_out_ = true;
  boost::system::error_code ignored;
  socket_.cancel(ignored);
}

}  // namespace shakehook
