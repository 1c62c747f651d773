#include "testing/cutting_proxy.h"

#include <boost/asio/read.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <utility>

namespace shakehook {
namespace {

constexpr std::size_t kChunkBytes = 64 * 1024;
constexpr asio::use_awaitable_t<Executor> kAwait;

}  // namespace

CuttingProxy::CuttingProxy(Loop& loop, const std::string& path, std::string server)
    : loop_(loop), server_(std::move(server)), acceptor_(loop.executor(), Protocol::endpoint(path)) {
  loop_.Spawn(Accept());
}

void CuttingProxy::CutAt(Side side, int number) {
  armed_ = true;
  side_ = side;
  left_ = number;
}

bool CuttingProxy::CutsNow(Side side) {
  if (!armed_ || side != side_ || --left_ > 0) return false;
  armed_ = false;
  return true;
}

void CuttingProxy::Pair::Close() {
  boost::system::error_code ignored;
  client.close(ignored);
  server.close(ignored);
}

Async<> CuttingProxy::Accept() {
  try {
    for (;;) {
      auto pair = std::make_shared<Pair>(loop_.executor());
      co_await acceptor_.async_accept(pair->client, kAwait);
      co_await pair->server.async_connect(Protocol::endpoint(server_), kAwait);
      loop_.Spawn(Pump(pair, Side::kRequest));
      loop_.Spawn(Pump(pair, Side::kAnswer));
    }
  } catch (const boost::system::system_error&) {
    // The proxy is gone, or its server.
  }
}

Async<> CuttingProxy::Pump(std::shared_ptr<Pair> pair, Side side) {
  Socket& from = side == Side::kRequest ? pair->client : pair->server;
  Socket& to = side == Side::kRequest ? pair->server : pair->client;
  std::array<char, kChunkBytes> chunk;
  try {
    for (;;) {
      const std::size_t got = co_await from.async_read_some(asio::buffer(chunk), kAwait);
      if (CutsNow(side)) break;
      co_await asio::async_write(to, asio::buffer(chunk, got), kAwait);
    }
  } catch (const boost::system::system_error&) {
    // Either end was closed.
  }
  pair->Close();
}

}  // namespace shakehook
