// The parts of HttpServerConnection that only TLS needs.
#include <algorithm>
#include <boost/asio/error.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <utility>

#include "base/loop_turn.h"
#include "net/http_server_connection.h"

namespace shakehook {
namespace {

constexpr asio::use_awaitable_t<Executor> kAwait;
// A handshake's memory, which is counted while it lasts: OpenSSL's buffer for a record, the client's messages, keys.
constexpr std::size_t kHandshakeBytes = 32 * 1024;
// The loop encrypts at most this many bytes of a response in one turn, in some tenths of a millisecond.
constexpr std::size_t kEncryptedATurn = 256 * 1024;

constexpr LoopWork kShakingHands{"beginning", "TLS"};

using State = TlsServerStream::State;

}  // namespace

Async<bool> HttpServerConnection::BeginTls() {
  Wait(Waiting::kForHandshake, shared_.options.limits.handshake_max);
  BeginMoving();
  // Until a client says something, it costs no more than one without TLS.
  if (!co_await Ready(asio::socket_base::wait_read) || !memory_.HoldWhatCame(kHandshakeBytes)) {
    Close();
    co_return false;
  }
  tls_ = std::make_unique<TlsServerStream>(socket_, *lane_.certificate());
  for (;;) {
    SetLoopWork(kShakingHands);
    const auto state = tls_->Handshake();
    if (state == State::kDone) break;
    if (state == State::kEnd) {
      const bool speaks_http = tls_->client_speaks_http();
      tls_.reset();
      memory_.Release();
      if (speaks_http) co_await Refuse(400, "This port speaks HTTPS: the URL must begin with https://.");
      co_return false;
    }
    const bool reads = state == State::kAwaitRead;
    if (!co_await Ready(reads ? asio::socket_base::wait_read : asio::socket_base::wait_write)) {
      Close();
      co_return false;
    }
  }
  memory_.Release();
  co_return true;
}

Async<bool> HttpServerConnection::Ready(asio::socket_base::wait_type what) {
  boost::system::error_code error;
  co_await socket_.async_wait(what, asio::redirect_error(kAwait, error));
  co_return !error && !timed_out_;
}

Async<std::size_t> HttpServerConnection::ReadTls(std::span<char> space, boost::system::error_code& error) {
  for (bool waited = false;; waited = true) {
    const auto [state, bytes] = tls_->Read(space);
    if (state == State::kDone) {
      // A client that always has the next request ready must not keep the loop.
      if (!waited) co_await NextTurn(lane_.loop());
      co_return bytes;
    }
    const bool reads = state == State::kAwaitRead;
    const bool ended = state == State::kEnd || !HoldPartOfRecord() ||
                       !co_await Ready(reads ? asio::socket_base::wait_read : asio::socket_base::wait_write);
    if (ended) {
      error = asio::error::eof;
      co_return 0;
    }
  }
}

bool HttpServerConnection::HoldPartOfRecord() {
  if (!tls_->HasPartOfRecord()) return true;
  if (waiting_ == Waiting::kForRequest) {
    Wait(Waiting::kForRest, shared_.options.limits.request_max);
    BeginMoving();
  }
  return proven() || memory_.HoldWhatCame(reader_.held_bytes() + TlsServerStream::kRecordBytesMax);
}

Async<bool> HttpServerConnection::WriteTls(std::string_view first, std::string_view second) {
  std::string record;
  if (!second.empty() && first.size() < TlsServerStream::kRecordBytesMax) {
    const std::size_t bytes = std::min(second.size(), TlsServerStream::kRecordBytesMax - first.size());
    record.reserve(first.size() + bytes);
    record.append(first).append(second.substr(0, bytes));  // one record instead of two
    first = record;
    second.remove_prefix(bytes);
  }
  std::size_t this_turn = 0;
  while (!first.empty() || !second.empty()) {
    std::string_view& rest = first.empty() ? second : first;
    const auto [state, bytes] = tls_->Write(rest);
    if (state == State::kEnd) co_return false;
    if (state != State::kDone) {
      const bool reads = state == State::kAwaitRead;
      if (!co_await Ready(reads ? asio::socket_base::wait_read : asio::socket_base::wait_write)) co_return false;
      taken_at_ = lane_.Now();
      this_turn = 0;
      continue;
    }
    rest.remove_prefix(bytes);
    bytes_moved_ += bytes;
    this_turn += bytes;
    if (this_turn < kEncryptedATurn) continue;
    co_await NextTurn(lane_.loop());
    if (timed_out_) co_return false;
    this_turn = 0;
  }
  co_return true;
}

void HttpServerConnection::ShutDownSending() {
  if (tls_) tls_->SayEnd();
  boost::system::error_code ignored;
  socket_.shutdown(asio::socket_base::shutdown_send, ignored);
}

}  // namespace shakehook
