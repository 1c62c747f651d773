// How an HttpServerConnection sends a response without end.
#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cstdio>
#include <utility>

#include "base/memory_reserve.h"
#include "net/http_server_connection.h"

namespace shakehook {
namespace {

constexpr asio::use_awaitable_t<Executor> kAwait;
constexpr std::string_view kLastChunk = "0\r\n\r\n";

using Body = ResponseFraming::Body;

}  // namespace

// A stream is the last response of its connection, so bytes that the client sends meanwhile may be dropped, and
// reading, which is the only way to notice that it went, can go on all the time.
Async<bool> HttpServerConnection::RespondWithStream(HttpResponse response) {
  const Body body = reader_.head().minor_version == 1 ? Body::kChunked : Body::kUntilClose;
  head_.clear();
  AppendResponseHead(head_, response, {body, ResponseFraming::Connection::kClose}, lane_.DateNow());
  if (!co_await Write(head_, {}) || head_only_) co_return false;

  watching_ = true;
  lane_.loop().Spawn(WatchForClose());
  co_await Stream(response, body);
  ShutDownSending();
  boost::system::error_code ignored;
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
    if (piece->empty()) continue;  // an empty chunk would end the body
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
      [this](auto handler) {
        const UnrefusableWork unrefusable;
        on_watch_ended_ = Task(std::move(handler));
      },
      kAwait);
}

}  // namespace shakehook
