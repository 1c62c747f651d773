#include "net/http_server_connection.h"

#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cstdio>
#include <utility>

namespace shakehook {
namespace {

constexpr asio::use_awaitable_t<Executor> kAwait;
constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";
constexpr std::string_view kLastChunk = "0\r\n\r\n";
// An answer may take Limits::write_max for each of these.
constexpr std::size_t kBytesPerWriteMax = 1024 * 1024;
// What a client may go on sending while it is told that it need not: closing at once would reset the connection, and
// the client would never see the answer.
constexpr Milliseconds kLingerMax{5'000};
constexpr std::size_t kLingerBytesMax = 32 * 1024 * 1024;

using Progress = HttpRequestReader::Progress;
using Body = ResponseFraming::Body;

}  // namespace

HttpServerConnection::HttpServerConnection(HttpServerLane& lane, HttpServerLane::Socket socket,
                                           HttpServerLane::Admission admission)
    : lane_(lane),
      shared_(lane.shared()),
      socket_(std::move(socket)),
      admission_(admission),
      reader_(shared_.options.limits.head_bytes_max) {
  lane_.Add(*this);
}

HttpServerConnection::~HttpServerConnection() {
  lane_.Remove(*this);
  (admission_ == HttpServerLane::Admission::kServe ? shared_.connections : shared_.refusals).fetch_sub(1);
}

Async<> HttpServerConnection::Run() {
  boost::system::error_code ignored;  // a client that is gone by now is met at the first read
  socket_.non_blocking(true, ignored);
  socket_.set_option(asio::ip::tcp::no_delay(true), ignored);
  const auto peer = socket_.remote_endpoint(ignored).address();
  if (admission_ == HttpServerLane::Admission::kRefuse) {
    co_await Refuse(503, "The server has too many connections.");
  } else {
    bool go_on = true;
    while (go_on && co_await ReadRequest()) {
      lane_.BeginRequest();
      Wait(Waiting::kForHandler, std::nullopt);
      head_only_ = reader_.head().request.method == "HEAD";
      HttpRequest request = reader_.Take();
      request.peer = peer;
      HttpResponse response = co_await shared_.handler(lane_.loop(), std::move(request));
      if (response.stream) {
        lane_.EndRequest();  // a stream without end is nothing to wait for
        go_on = co_await AnswerStream(std::move(response));
      } else {
        go_on = co_await Answer(std::move(response));
        lane_.EndRequest();
      }
    }
  }
  co_await Linger();
}

// --- Reading ---

Async<bool> HttpServerConnection::ReadRequest() {
  const HttpServer::Limits& limits = shared_.options.limits;
  Progress progress = reader_.Next();
  Wait(Waiting::kForRequest, limits.idle_max);
  for (;;) {
    if (progress == Progress::kDone) co_return true;
    if (progress == Progress::kBad) {
      co_await Refuse(reader_.problem().status, reader_.problem().detail);
      co_return false;
    }
    if (progress == Progress::kHead) {
      const auto& body_bytes_max = shared_.options.body_bytes_max;
      progress = reader_.ReadBody(body_bytes_max ? body_bytes_max(reader_.head().request) : 0);
      if (progress == Progress::kMore && reader_.head().expects_continue && !reader_.body_started()) {
        if (!co_await Write(kContinue, {})) co_return false;
        Wait(Waiting::kForRest, limits.request_max);
      }
      continue;
    }
    if (reader_.started()) {
      if (waiting_ == Waiting::kForRequest) Wait(Waiting::kForRest, limits.request_max);
    } else if (draining()) {
      co_return false;
    }
    const auto space = reader_.Space();
    boost::system::error_code error;
    const std::size_t bytes =
        co_await socket_.async_read_some(asio::buffer(space.data(), space.size()), asio::redirect_error(kAwait, error));
    if (timed_out_ && waiting_ == Waiting::kForRest) {
      co_await Refuse(
          408, "The request did not come whole within " + std::to_string(limits.request_max.count() / 1000) + " s.");
      co_return false;
    }
    if (error || timed_out_) co_return false;
    progress = reader_.Commit(bytes);
  }
}

// --- Answering ---

Async<bool> HttpServerConnection::Answer(HttpResponse response) {
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

Async<> HttpServerConnection::Refuse(int status, std::string_view detail) {
  const auto& refuse = shared_.options.refuse;
  HttpResponse response = refuse ? refuse(status, detail) : HttpResponse{.status = status};
  head_.clear();
  AppendResponseHead(head_, response, {.connection = ResponseFraming::Connection::kClose}, lane_.DateNow());
  co_await Write(head_, response.body);
}

// Both texts by one system call, where the socket takes them at once, as it nearly always does.
Async<bool> HttpServerConnection::Write(std::string_view first, std::string_view second) {
  const auto pieces = 1 + static_cast<int>((first.size() + second.size()) / kBytesPerWriteMax);
  Wait(Waiting::kForWrite, shared_.options.limits.write_max * pieces);
  while (!first.empty() || !second.empty()) {
    const std::array<asio::const_buffer, 2> buffers = {asio::buffer(first), asio::buffer(second)};
    boost::system::error_code error;
    const std::size_t bytes = socket_.write_some(buffers, error);
    if (error == asio::error::would_block) {
      co_await socket_.async_wait(asio::socket_base::wait_write, asio::redirect_error(kAwait, error));
      if (error || timed_out_) co_return false;
      continue;
    }
    if (error) co_return false;
    const std::size_t of_first = std::min(bytes, first.size());
    first.remove_prefix(of_first);
    second.remove_prefix(bytes - of_first);
  }
  co_return true;
}

// --- Streams ---

// A stream is the last answer of its connection, so that whatever the client sends meanwhile may be dropped, and
// reading, which is the only way to notice that it went, can go on all the time.
Async<bool> HttpServerConnection::AnswerStream(HttpResponse response) {
  const Body body = reader_.head().minor_version == 1 ? Body::kChunked : Body::kUntilClose;
  head_.clear();
  AppendResponseHead(head_, response, {body, ResponseFraming::Connection::kClose}, lane_.DateNow());
  if (!co_await Write(head_, {}) || head_only_) co_return false;

  watching_ = true;
  lane_.loop().Spawn(WatchForClose());
  co_await Stream(response, body);
  boost::system::error_code ignored;
  socket_.shutdown(asio::socket_base::shutdown_send, ignored);
  socket_.cancel(ignored);
  if (watching_) co_await WatchEnded();
  co_return false;
}

Async<> HttpServerConnection::Stream(HttpResponse& response, Body body) {
  std::array<char, 20> size;
  while (!client_gone_ && !draining()) {
    Wait(Waiting::kForHandler, std::nullopt);
    std::optional<std::string> piece = co_await response.stream();
    if (!piece || client_gone_) break;
    if (piece->empty()) continue;  // as a chunk it would end the body
    bool written = false;
    if (body == Body::kChunked) {
      piece->append("\r\n");
      const int digits = std::snprintf(size.data(), size.size(), "%zx\r\n", piece->size() - 2);
      written = co_await Write({size.data(), static_cast<std::size_t>(digits)}, *piece);
    } else {
      written = co_await Write(*piece, {});
    }
    if (!written) co_return;
  }
  if (body == Body::kChunked && !client_gone_) co_await Write(kLastChunk, {});
}

Async<> HttpServerConnection::WatchForClose() {
  std::array<char, 512> dropped;
  boost::system::error_code error;
  while (!error) co_await socket_.async_read_some(asio::buffer(dropped), asio::redirect_error(kAwait, error));
  watching_ = false;
  if (on_watch_ended_) {
    lane_.loop().Post(std::exchange(on_watch_ended_, {}));
  } else {
    client_gone_ = true;
    socket_.close(error);
  }
}

Async<> HttpServerConnection::WatchEnded() {
  co_await asio::async_initiate<const asio::use_awaitable_t<Executor>, void()>(
      [this](auto handler) { on_watch_ended_ = Task(std::move(handler)); }, kAwait);
}

// --- Ending ---

Async<> HttpServerConnection::Linger() {
  boost::system::error_code error;
  if (!socket_.is_open()) co_return;
  socket_.shutdown(asio::socket_base::shutdown_send, error);
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
  deadline_ = at_most ? lane_.Now() + *at_most : SteadyTime::max();
}

void HttpServerConnection::CheckDeadline(SteadyTime now) {
  if (now < deadline_) return;
  timed_out_ = true;
  deadline_ = SteadyTime::max();
  boost::system::error_code ignored;
  socket_.cancel(ignored);
}

void HttpServerConnection::CloseIfIdle() {
  if (waiting_ == Waiting::kForRequest && !reader_.started()) Close();
}

void HttpServerConnection::Close() {
  boost::system::error_code ignored;
  socket_.close(ignored);
}

}  // namespace shakehook
