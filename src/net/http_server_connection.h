// HttpServerConnection serves one client: reads requests, hands each to the handler, writes the answers in order.
//
// Ownership: its socket; the lane and what the lane's server shares outlive it.
// Threads:   lives on its lane's loop.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "net/http_request_reader.h"
#include "net/http_server_lane.h"

namespace shakehook {

class HttpServerConnection {
 public:
  HttpServerConnection(HttpServerLane& lane, HttpServerLane::Socket socket, HttpServerLane::Admission admission);
  ~HttpServerConnection();
  HttpServerConnection(const HttpServerConnection&) = delete;
  HttpServerConnection& operator=(const HttpServerConnection&) = delete;

  // Until the connection has ended.
  Async<> Run();

  // For the lane.
  void CheckDeadline(SteadyTime now);
  void CloseIfIdle();
  void Close();
  std::size_t place() const { return place_; }
  void set_place(std::size_t place) { place_ = place; }

 private:
  enum class Waiting : std::uint8_t { kForRequest, kForRest, kForHandler, kForWrite, kForClose };

  // False: the connection is to end.
  Async<bool> ReadRequest();
  Async<bool> Answer(HttpResponse response);
  Async<bool> AnswerStream(HttpResponse response);
  Async<> Refuse(int status, std::string_view detail);
  Async<bool> Write(std::string_view first, std::string_view second);
  Async<> Stream(HttpResponse& response, ResponseFraming::Body framing);
  Async<> WatchForClose();
  Async<> WatchEnded();
  Async<> Linger();

  void Wait(Waiting waiting, std::optional<Milliseconds> at_most);
  bool draining() const { return shared_.draining.load(std::memory_order_relaxed); }

  HttpServerLane& lane_;
  HttpServerShared& shared_;
  HttpServerLane::Socket socket_;
  const HttpServerLane::Admission admission_;
  std::size_t place_ = 0;  // in the lane's list

  HttpRequestReader reader_;
  std::string head_;  // of the answer; kept for its memory

  Waiting waiting_ = Waiting::kForRequest;
  SteadyTime deadline_ = SteadyTime::max();
  bool timed_out_ = false;
  bool head_only_ = false;  // the request was a HEAD

  // While a stream is sent.
  bool client_gone_ = false;
  bool watching_ = false;
  Task on_watch_ended_;
};

}  // namespace shakehook
