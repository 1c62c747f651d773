#include "net/http_server_connection.h"

#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <new>
#include <utility>

#include "base/memory_reserve.h"

namespace shakehook {
namespace {

constexpr asio::use_awaitable_t<Executor> kAwait;
constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";
// A response may take Limits::write_max for each of these.
constexpr std::size_t kBytesPerWriteMax = 1024 * 1024;
// After a refusal the client may go on sending for this long: if the server closed at once, the connection would be
// reset, and the client would never see the response.
constexpr Milliseconds kLingerMax{5'000};
constexpr std::size_t kLingerBytesMax = 32 * 1024 * 1024;

// A client that takes longer counts as slow.
constexpr Milliseconds kSlowAfter{1'000};
// Answers up to this size are not counted.
constexpr std::size_t kUncountedResponseBytesMax = 4 * 1024;

constexpr LoopWork kReading{"reading", "a request"};
constexpr LoopWork kAnswering{"answering", "a request"};

constexpr std::string_view kNoRoom =
    "The server has no room for another large request or response at the moment. Nothing was changed; try again.";

constexpr std::string_view kNoMemory =
    "The server has no memory for this at the moment. Nothing was changed; try again.";

using Progress = HttpRequestReader::Progress;
using Body = ResponseFraming::Body;

}  // namespace

HttpServerConnection::HttpServerConnection(HttpServerLane& lane, HttpServerLane::Socket socket,
                                           HttpServerLane::Admission admission)
    : lane_(lane),
      shared_(lane.shared()),
      socket_(std::move(socket)),
      admission_(admission),
      reader_(shared_.options.limits.head_bytes_max),
      memory_(lane, *this) {
  lane_.Add(*this);
}

HttpServerConnection::~HttpServerConnection() {
  if (in_flight_) lane_.EndRequest();  // there was no memory even for the refusal
  lane_.Remove(*this);
}

Async<> HttpServerConnection::Run() {
  boost::system::error_code ignored;  // a client that is gone by now is met at the first read
  socket_.non_blocking(true, ignored);
  socket_.set_option(asio::ip::tcp::no_delay(true), ignored);
  if (lane_.certificate() != nullptr && !co_await BeginTls()) {
    co_await Linger();
    co_return;
  }
  if (admission_ == HttpServerLane::Admission::kRefuse) {
    co_await Refuse(503, "The server has too many connections.");
  } else if (admission_ == HttpServerLane::Admission::kRefuseAddress) {
    co_await Refuse(503, "Your network address has as many open connections as it may have.");
  } else {
    bool out_of_memory = false;
    try {
      co_await Serve();
    } catch (const std::bad_alloc&) {
      out_of_memory = true;
    }
    if (out_of_memory) {
      co_await RefuseForRoom(
          in_flight_ ? "The server ran out of memory. The request may or may not have been carried out." : kNoMemory);
    }
  }
  co_await Linger();
}

Async<> HttpServerConnection::Serve() {
  const auto peer = shared_.PeerOf(socket_);
  bool go_on = true;
  while (go_on && co_await ReadRequest()) {
    if (MemoryIsShort()) {
      co_await RefuseForRoom(kNoMemory);
      co_return;
    }
    if (memory_.owned()) {
      Wait(Waiting::kForHandler, std::nullopt);
      if (!co_await memory_.HoldWork(reader_.head().request.body.size())) {
        co_await RefuseForRoom(kNoRoom);
        co_return;
      }
    }
    lane_.BeginRequest();
    in_flight_ = true;
    HttpResponse response = co_await Handle(peer);
    if (response.stream) {
      lane_.EndRequest();  // draining does not wait for a stream without end
      in_flight_ = false;
      go_on = co_await RespondWithStream(std::move(response));
    } else {
      go_on = co_await Respond(std::move(response));
      lane_.EndRequest();
      in_flight_ = false;
      memory_.Release();
    }
  }
}

Async<HttpResponse> HttpServerConnection::Handle(asio::ip::address peer) {
  SetLoopWork(kAnswering);
  Wait(Waiting::kForHandler, kHangUpCheck);
  head_only_ = reader_.head().request.method == "HEAD";
  const bool reads = head_only_ || reader_.head().request.method == "GET";
  HttpRequest request = reader_.Take();
  request.peer = peer;
  if (tls_) request.channel = Channel::kTls;
  request.gone = gone_.get_token();
  request.room = &memory_.room();
  HttpResponse response = co_await shared_.handler(lane_.loop(), std::move(request));
  memory_.EndWork();
  answered_ = true;
  HoldResponse(response, reads);
  co_return response;
}

// --- Memory ---

void HttpServerConnection::HoldResponse(HttpResponse& response, bool reads) {
  const std::size_t bytes = response.body.size();
  if (bytes <= kUncountedResponseBytesMax) {
    memory_.Release();
  } else if (!memory_.HoldResponse(bytes)) {
    memory_.Release();
    if (reads) {
      response = Refusal(503, "Too many responses are waiting for their clients to read them. Try again.");
    } else {
      memory_.ForceResponse(bytes);  // its change has already happened
    }
  }
}

Async<> HttpServerConnection::RefuseForRoom(std::string_view detail) {
  if (in_flight_) lane_.EndRequest();
  in_flight_ = false;
  reader_.Discard();
  memory_.Release();
  try {
    co_await Refuse(503, detail);
  } catch (const std::bad_alloc&) {
    Close();
  }
}

std::optional<HttpServerConnection::Slowness> HttpServerConnection::SlownessAt(SteadyTime now) const {
  const bool moves =
      waiting_ == Waiting::kForHandshake || waiting_ == Waiting::kForRest || waiting_ == Waiting::kForWrite;
  if (!moves || ended_for_room_ || memory_.held_bytes() == 0 || now - moving_since_ < kSlowAfter) return std::nullopt;
  const double seconds = std::chrono::duration<double>(now - moving_since_).count();
  return Slowness{.proven = proven(), .bytes_a_second = static_cast<double>(bytes_moved_) / seconds};
}

bool HttpServerConnection::Stalls(SteadyTime now) const {
  return waiting_ == Waiting::kForWrite && !ended_for_room_ && memory_.held_bytes() > 0 &&
         now - taken_at_ >= kSlowAfter;
}

std::size_t HttpServerConnection::EndForRoom() {
  const std::size_t bytes = memory_.held_bytes();
  ended_for_room_ = true;
  memory_.Release();
  boost::system::error_code ignored;
  if (waiting_ == Waiting::kForWrite) {
    socket_.close(ignored);
  } else {
    socket_.cancel(ignored);
  }
  return bytes;
}

// --- Reading ---

Async<bool> HttpServerConnection::ReadRequest() {
  const HttpServer::Limits& limits = shared_.options.limits;
  memory_.BeginRequest();
  answered_ = false;
  Progress progress = reader_.Next();
  Wait(Waiting::kForRequest, limits.idle_max);
  BeginMoving();
  for (;;) {
    if (progress == Progress::kDone) co_return true;
    if (progress == Progress::kBad) {
      co_await Refuse(reader_.problem().status, reader_.problem().detail);
      co_return false;
    }
    if (progress == Progress::kHead) {
      const auto begun = co_await BeginBody();
      if (!begun) co_return false;
      progress = *begun;
      continue;
    }
    // A body that was admitted has its place already.
    if (!proven() && !memory_.HoldWhatCame(reader_.held_bytes())) {
      co_await RefuseForRoom(kNoRoom);
      co_return false;
    }
    if (reader_.started()) {
      if (waiting_ == Waiting::kForRequest) {
        Wait(Waiting::kForRest, limits.request_max);
        BeginMoving();
      }
    } else if (draining()) {
      co_return false;
    }
    const auto space = reader_.Space();
    boost::system::error_code error;
    std::size_t bytes = 0;
    if (tls_) {
      bytes = co_await ReadTls(space, error);
    } else {
      bytes = co_await socket_.async_read_some(asio::buffer(space.data(), space.size()),
                                               asio::redirect_error(kAwait, error));
    }
    if (ended_for_room_) {
      co_await RefuseForRoom(kNoRoom);
      co_return false;
    }
    if (timed_out_ && waiting_ == Waiting::kForRest) {
      co_await Refuse(
          408, "The request was not complete within " + std::to_string(limits.request_max.count() / 1000) + " s.");
      co_return false;
    }
    if (error || timed_out_) co_return false;
    SetLoopWork(kReading);
    bytes_moved_ += bytes;
    progress = reader_.Commit(bytes);
  }
}

Async<std::optional<Progress>> HttpServerConnection::BeginBody() {
  const HttpServer::Limits& limits = shared_.options.limits;
  const RequestHead& head = reader_.head();
  const auto& body_bytes_max = shared_.options.body_bytes_max;
  const std::size_t bytes_max = body_bytes_max ? body_bytes_max(head.request) : 0;
  const bool by_length = head.framing == RequestHead::Framing::kLength;
  const std::size_t unasked = limits.unasked_body_bytes_max;
  // The length of a chunked body is only known at its end.
  const bool may_grow = !by_length && !reader_.body_started() && bytes_max > unasked;
  if (shared_.options.admit && may_grow) {
    co_return co_await Continue(reader_.ReadBody(unasked, HttpRequestReader::AtLimit::kAskAgain));
  }
  if (shared_.options.admit && (by_length ? head.body_bytes > unasked : bytes_max > unasked)) {
    Wait(Waiting::kForHandler, std::nullopt);
    auto admission = co_await shared_.options.admit(lane_.loop(), head.request);
    if (!admission) {
      co_await RefuseWith(std::move(admission.error()));
      co_return std::nullopt;
    }
    const std::uint64_t bytes = by_length ? head.body_bytes : bytes_max;
    if (bytes <= bytes_max) {  // else ReadBody refuses it
      if (!co_await memory_.HoldBody(std::move(admission->owner), static_cast<std::size_t>(bytes),
                                     admission->work_factor)) {
        co_await RefuseForRoom(kNoRoom);
        co_return std::nullopt;
      }
    }
    Wait(Waiting::kForRest, limits.request_max);
    BeginMoving();
  }
  co_return co_await Continue(reader_.ReadBody(bytes_max));
}

Async<std::optional<Progress>> HttpServerConnection::Continue(Progress progress) {
  if (progress == Progress::kMore && reader_.head().expects_continue && !reader_.body_started()) {
    if (!co_await Write(kContinue, {})) co_return std::nullopt;
    Wait(Waiting::kForRest, shared_.options.limits.request_max);
    BeginMoving();
  }
  co_return progress;
}

// --- Answering ---

Async<bool> HttpServerConnection::Respond(HttpResponse response) {
  const RequestHead& request = reader_.head();
  const bool keep = request.keep_alive && !draining() && !client_gone_;
  ResponseFraming framing;
  if (!keep) {
    framing.connection = ResponseFraming::Connection::kClose;
  } else if (request.minor_version == 0) {
    framing.connection = ResponseFraming::Connection::kKeepSaid;
  }
  head_.clear();
  AppendResponseHead(head_, response, framing, lane_.DateNow());
  const bool has_body = !head_only_ && response.status != 204 && response.status != 304;
  const bool written = co_await Write(head_, has_body ? response.body : std::string_view());
  co_return written&& keep;
}

HttpResponse HttpServerConnection::Refusal(int status, std::string_view detail) const {
  const auto& refuse = shared_.options.refuse;
  return refuse ? refuse(status, detail) : HttpResponse{.status = status};
}

Async<> HttpServerConnection::Refuse(int status, std::string_view detail) {
  co_await RefuseWith(Refusal(status, detail));
}

Async<> HttpServerConnection::RefuseWith(HttpResponse response) {
  head_.clear();
  AppendResponseHead(head_, response, {.connection = ResponseFraming::Connection::kClose}, lane_.DateNow());
  co_await Write(head_, response.body);
}

// Writes both texts by one system call, if the socket takes them at once, as it nearly always does.
Async<bool> HttpServerConnection::Write(std::string_view first, std::string_view second) {
  const auto pieces = 1 + static_cast<int>((first.size() + second.size()) / kBytesPerWriteMax);
  Wait(Waiting::kForWrite, shared_.options.limits.write_max * pieces);
  BeginMoving();
  taken_at_ = waiting_since_;
  if (tls_) co_return co_await WriteTls(first, second);
  while (!first.empty() || !second.empty()) {
    const std::array<asio::const_buffer, 2> buffers = {asio::buffer(first), asio::buffer(second)};
    boost::system::error_code error;
    const std::size_t bytes = socket_.write_some(buffers, error);
    if (error == asio::error::would_block) {
      co_await socket_.async_wait(asio::socket_base::wait_write, asio::redirect_error(kAwait, error));
      if (error || timed_out_) co_return false;
      taken_at_ = lane_.Now();
      continue;
    }
    if (error) co_return false;
    bytes_moved_ += bytes;
    const std::size_t of_first = std::min(bytes, first.size());
    first.remove_prefix(of_first);
    second.remove_prefix(bytes - of_first);
  }
  co_return true;
}

// --- Ending ---

Async<> HttpServerConnection::Linger() {
  if (!socket_.is_open()) co_return;
  ShutDownSending();
  boost::system::error_code error;
  Wait(Waiting::kForClose, kLingerMax);
  std::array<char, 4096> dropped;
  for (std::size_t bytes = 0; !error && !timed_out_ && bytes < kLingerBytesMax;) {
    bytes += co_await socket_.async_read_some(asio::buffer(dropped), asio::redirect_error(kAwait, error));
  }
  socket_.close(error);
}

void HttpServerConnection::Wait(Waiting waiting, std::optional<Milliseconds> at_most) {
  waiting_ = waiting;
  timed_out_ = false;
  waiting_since_ = lane_.Now();
  deadline_ = at_most ? waiting_since_ + *at_most : SteadyTime::max();
}

void HttpServerConnection::BeginMoving() {
  moving_since_ = waiting_since_;
  bytes_moved_ = 0;
}

std::optional<SteadyTime> HttpServerConnection::IdleSince(SteadyTime now) const {
  if (!socket_.is_open() || admission_ != HttpServerLane::Admission::kServe) return std::nullopt;
  if (waiting_ == Waiting::kForHandshake || waiting_ == Waiting::kForRequest) return waiting_since_;
  const bool drips = waiting_ == Waiting::kForRest && !proven() && now - waiting_since_ >= kSlowAfter;
  return drips ? std::optional(waiting_since_) : std::nullopt;
}

void HttpServerConnection::CloseIfIdle() {
  if (waiting_ == Waiting::kForHandshake || (waiting_ == Waiting::kForRequest && !reader_.started())) Close();
}

void HttpServerConnection::Close() {
  boost::system::error_code ignored;
  socket_.close(ignored);
}

}  // namespace shakehook
