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
    : state_(std::make_shared<State>(loop, path, std::move(server))) {
  loop.Spawn(Accept(state_));
}

CuttingProxy::~CuttingProxy() {
  boost::system::error_code ignored;
  state_->acceptor.close(ignored);
}

void CuttingProxy::CutAt(Side side, int number) {
  state_->armed = true;
  state_->side = side;
  state_->left = number;
}

bool CuttingProxy::State::CutsNow(Side at) {
  if (!armed || at != side || --left > 0) return false;
  armed = false;
  return true;
}

void CuttingProxy::Pair::Close() {
  boost::system::error_code ignored;
  client.close(ignored);
  server.close(ignored);
}

Async<> CuttingProxy::Accept(std::shared_ptr<State> state) {
  try {
    for (;;) {
      auto pair = std::make_shared<Pair>(state->loop.executor());
      co_await state->acceptor.async_accept(pair->client, kAwait);
      co_await pair->server.async_connect(Protocol::endpoint(state->server), kAwait);
      state->loop.Spawn(Pump(state, pair, Side::kRequest));
      state->loop.Spawn(Pump(state, pair, Side::kAnswer));
    }
  } catch (const boost::system::system_error&) {
    // The proxy is gone, or its server.
  }
}

Async<> CuttingProxy::Pump(std::shared_ptr<State> state, std::shared_ptr<Pair> pair, Side side) {
  Socket& from = side == Side::kRequest ? pair->client : pair->server;
  Socket& to = side == Side::kRequest ? pair->server : pair->client;
  std::array<char, kChunkBytes> chunk;
  try {
    for (;;) {
      const std::size_t got = co_await from.async_read_some(asio::buffer(chunk), kAwait);
      if (state->CutsNow(side)) break;
      co_await asio::async_write(to, asio::buffer(chunk, got), kAwait);
    }
  } catch (const boost::system::system_error&) {
    // Either end was closed.
  }
  pair->Close();
}

}  // namespace shakehook
