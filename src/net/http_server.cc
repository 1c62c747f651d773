#include "net/http_server.h"

#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ip/v6_only.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <new>
#include <utility>

#include "base/check.h"
#include "base/log.h"
#include "base/result.h"
#include "net/http_server_lane.h"
#include "net/unix_listener.h"

namespace shakehook {
namespace {

using asio::ip::tcp;

constexpr asio::use_awaitable_t<Executor> kAwait;
// Connections over the limit that are told so at one time; the rest is closed without a word.
constexpr std::size_t kRefusalsMax = 64;
// How many connections may exceed the limit while others close to make room for them.
constexpr std::size_t kClosingMax = 64;
// The pause before the next try if the system has no sockets or memory left.
constexpr Milliseconds kAcceptPause{100};
// A turn of the loop accepts this many connections at most. With one per turn, new connections at a busy loop would
// wait a turn each, one after the other.
constexpr int kAcceptedATurn = 16;
constexpr Milliseconds kAcceptLogInterval{60'000};

std::string Endpoint(const std::string& host, std::uint16_t port) {
  const bool bare_v6 = host.find(':') != std::string::npos;
  return (bare_v6 ? "[" + host + "]" : host) + ":" + std::to_string(port);
}

}  // namespace

struct HttpServer::State {
  State(Options options, std::vector<Loop*> loops, Handler handler);

  std::expected<tcp::endpoint, std::string> Resolve() const;
  std::expected<Done, std::string> OpenAddress();
  std::expected<Done, std::string> OpenUnixSocket();
  static Async<> Accept(std::shared_ptr<State> state);
  // Accepts further connections that wait already, beside the one that this turn has accepted.
  boost::system::error_code AcceptMore(const std::shared_ptr<State>& state);
  void HandOver(HttpServerLane::Socket socket, HttpServerLane& lane, const std::shared_ptr<State>& state);
  // Returns nullopt if its address has its share of connections.
  std::optional<AddressShares::Place> PlaceOf(const HttpServerLane::Socket& socket);
  Async<> PauseAfter(boost::system::error_code error);
  void PostToLanes(const std::shared_ptr<State>& state, void (HttpServerLane::*call)());

  HttpServerShared shared;
  std::vector<std::unique_ptr<HttpServerLane>> lanes;
  std::size_t next_lane = 0;
  // A Unix socket's too: accepting and what follows is the same, and no type is chosen for each byte.
  asio::basic_socket_acceptor<tcp, Executor> acceptor;
  std::unique_ptr<UnixListener> unix_listener;  // null: it listens at an address
  tcp::endpoint local;
  std::optional<SteadyTime> accept_logged_at;
};

HttpServer::State::State(Options options, std::vector<Loop*> loops, Handler handler)
    : shared(std::move(options)), acceptor(loops.at(0)->executor()) {
  if (!shared.options.body_bytes_max) shared.options.body_bytes_max = [](const HttpRequest&) { return kBodyBytesMax; };
  shared.handler = std::move(handler);
  for (Loop* loop : loops) lanes.push_back(std::make_unique<HttpServerLane>(*loop, shared));
}

std::expected<tcp::endpoint, std::string> HttpServer::State::Resolve() const {
  const std::string& host = shared.options.host;
  const std::uint16_t port = shared.options.port;
  boost::system::error_code error;
  const auto address = asio::ip::make_address(host, error);
  if (!error) return tcp::endpoint(address, port);
  asio::io_context context;
  asio::ip::basic_resolver<tcp, Executor> resolver(context.get_executor());
  const auto found = resolver.resolve(host, std::to_string(port), error);
  if (error) return std::unexpected("cannot listen on " + Endpoint(host, port) + ": " + error.message());
  for (const auto& entry : found) {
    if (entry.endpoint().address().is_v4()) return entry.endpoint();
  }
  return found.begin()->endpoint();
}

Async<> HttpServer::State::Accept(std::shared_ptr<State> state) {
  while (!state->shared.draining) {
    boost::system::error_code error;
    try {
      HttpServerLane& lane = *state->lanes[state->next_lane];
      auto socket = co_await state->acceptor.async_accept(lane.loop().executor(), asio::redirect_error(kAwait, error));
      if (state->shared.draining || error == asio::error::operation_aborted) co_return;
      SetLoopWork({"accepting", "connections"});
      if (!error) {
        state->next_lane = (state->next_lane + 1) % state->lanes.size();
        state->HandOver(std::move(socket), lane, state);
        error = state->AcceptMore(state);
      }
    } catch (const std::bad_alloc&) {
      error = asio::error::no_memory;
    }
    if (error && error != asio::error::connection_aborted) co_await state->PauseAfter(error);
  }
}

boost::system::error_code HttpServer::State::AcceptMore(const std::shared_ptr<State>& state) {
  boost::system::error_code error;
  for (int accepted = 1; accepted < kAcceptedATurn; ++accepted) {
    HttpServerLane& lane = *lanes[next_lane];
    HttpServerLane::Socket socket(lane.loop().executor());
    acceptor.accept(socket, error);
    if (error == asio::error::would_block || error == asio::error::try_again) return {};
    if (error) return error;
    next_lane = (next_lane + 1) % lanes.size();
    HandOver(std::move(socket), lane, state);
  }
  return error;
}

std::optional<AddressShares::Place> HttpServer::State::PlaceOf(const HttpServerLane::Socket& socket) {
  if (!shared.address_shares) return AddressShares::Place();
  const asio::ip::address from = shared.PeerOf(socket);
  const auto& is_shared = shared.options.is_shared;
  return is_shared && is_shared(from) ? AddressShares::Place() : shared.address_shares->Enter(from);
}

Async<> HttpServer::State::PauseAfter(boost::system::error_code error) {
  Loop& loop = lanes[0]->loop();
  const SteadyTime now = loop.clock().Steady();
  if (!accept_logged_at || now - *accept_logged_at >= kAcceptLogInterval) {
    accept_logged_at = now;
    LogWarning("cannot accept connections", {{"error", error.message()}});
  }
  co_await SleepUntil(loop, now + kAcceptPause);
}

void HttpServer::State::HandOver(HttpServerLane::Socket socket, HttpServerLane& lane,
                                 const std::shared_ptr<State>& state) {
  auto admission = HttpServerLane::Admission::kServe;
  auto place = PlaceOf(socket);
  const std::size_t served = shared.connections.fetch_add(1);
  const std::size_t connections_max = shared.options.limits.connections_max;
  if (place && served >= connections_max && served < connections_max + kClosingMax) {
    admission = HttpServerLane::Admission::kInPlaceOfAnother;
  } else if (!place || served >= connections_max) {
    shared.connections.fetch_sub(1);
    admission = place ? HttpServerLane::Admission::kRefuse : HttpServerLane::Admission::kRefuseAddress;
    if (shared.refusals.fetch_add(1) >= kRefusalsMax) {
      shared.refusals.fetch_sub(1);
      return;
    }
  }
  if (!place) place.emplace();
  if (&lane.loop() == &lanes[0]->loop()) {
    lane.Serve(std::move(socket), admission, *std::move(place), state);
    return;
  }
  try {
    lane.loop().Post([&lane, admission, state, socket = std::move(socket), place = *std::move(place)]() mutable {
      lane.Serve(std::move(socket), admission, std::move(place), std::move(state));
    });
  } catch (const std::bad_alloc&) {
    lane.CountOut(admission);
    throw;
  }
}

void HttpServer::State::PostToLanes(const std::shared_ptr<State>& state, void (HttpServerLane::*call)()) {
  for (const auto& lane : lanes) {
    lane->loop().Post([state, call, to = lane.get()] { (to->*call)(); });
  }
}

HttpServer::HttpServer(Options options, std::vector<Loop*> loops, Handler handler)
    : state_(std::make_shared<State>(std::move(options), std::move(loops), std::move(handler))) {}

HttpServer::~HttpServer() {
  StopAccepting();
  CloseAll();
}

std::expected<Done, std::string> HttpServer::State::OpenAddress() {
  const auto endpoint = Resolve();
  if (!endpoint) return std::unexpected(endpoint.error());
  boost::system::error_code error;
  const auto step = [&error](auto&& call) {
    if (!error) call();
  };
  step([&] { acceptor.open(endpoint->protocol(), error); });
  step([&] { acceptor.set_option(asio::socket_base::reuse_address(true), error); });
  if (endpoint->address().is_v6()) step([&] { acceptor.set_option(asio::ip::v6_only(false), error); });
  step([&] { acceptor.bind(*endpoint, error); });
  step([&] { acceptor.listen(asio::socket_base::max_listen_connections, error); });
  step([&] { acceptor.non_blocking(true, error); });
  step([&] { local = acceptor.local_endpoint(error); });
  if (error) {
    boost::system::error_code ignored;
    acceptor.close(ignored);
    return std::unexpected("cannot listen on " + Endpoint(shared.options.host, shared.options.port) + ": " +
                           error.message());
  }
  return Done{};
}

std::expected<Done, std::string> HttpServer::State::OpenUnixSocket() {
  auto listener = UnixListener::Open(shared.options.socket_path);
  if (!listener) return std::unexpected("cannot listen on unix:" + listener.error());
  unix_listener = *std::move(listener);
  boost::system::error_code error;
  acceptor.assign(tcp::v4(), unix_listener->Take(), error);
  if (!error) acceptor.non_blocking(true, error);
  if (error) return std::unexpected("cannot listen on unix:" + shared.options.socket_path + ": " + error.message());
  return Done{};
}

std::expected<std::uint16_t, std::string> HttpServer::Start() {
  State& state = *state_;
  const auto opened = state.shared.options.socket_path.empty() ? state.OpenAddress() : state.OpenUnixSocket();
  if (!opened) return std::unexpected(opened.error());
  state.lanes[0]->loop().Post([state = state_] { state->lanes[0]->loop().Spawn(State::Accept(state)); });
  return state.local.port();
}

asio::ip::address HttpServer::address() const { return state_->local.address(); }
std::uint16_t HttpServer::port() const { return state_->local.port(); }

void HttpServer::UseCertificate(std::shared_ptr<const ServerCertificate> certificate) {
  CHECK(state_->shared.options.certificate != nullptr && certificate != nullptr);
  for (const auto& lane : state_->lanes) {
    lane->loop().Post([state = state_, certificate, to = lane.get()] { to->UseCertificate(certificate); });
  }
}

void HttpServer::StopAccepting() {
  if (state_->shared.draining.exchange(true)) return;
  state_->unix_listener.reset();  // nobody else finds its file
  state_->lanes[0]->loop().Post([state = state_] {
    boost::system::error_code ignored;
    state->acceptor.close(ignored);
  });
  state_->PostToLanes(state_, &HttpServerLane::CloseIdle);
}

bool HttpServer::draining() const { return state_->shared.draining; }

std::size_t HttpServer::in_flight() const {
  std::size_t count = 0;
  for (const auto& lane : state_->lanes) count += lane->in_flight();
  return count;
}

std::size_t HttpServer::connections() const { return state_->shared.connections; }

void HttpServer::CloseAll() { state_->PostToLanes(state_, &HttpServerLane::CloseAll); }

}  // namespace shakehook
