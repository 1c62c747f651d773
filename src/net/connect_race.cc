#include "net/connect_race.h"

#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <boost/asio/async_result.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <memory>
#include <utility>

namespace shakehook {
namespace {

using boost::system::error_code;

// Ranks errors by how much they tell of the other side: the highest is reported.
int Weight(const ConnectRace::Failure& failure) {
  const error_code& error = failure.error;
  if (failure.at == ConnectRace::Failure::At::kSource) return 4;
  if (error == asio::error::connection_refused || error == asio::error::connection_reset) return 3;
  if (error == asio::error::timed_out) return 2;
  if (error == asio::error::address_family_not_supported || error == asio::error::network_unreachable) return 0;
  return 1;
}

}  // namespace

struct ConnectRace::Attempt {
  Attempt(Executor executor, ConnectRace& of, const asio::ip::address& to) : socket(executor), address(to), race(&of) {}

  Socket socket;
  asio::ip::address address;
  ConnectRace* race;  // null: it has ended
};

ConnectRace::~ConnectRace() {
  if (timer_) loop_.Cancel(*timer_);
  for (Attempt* attempt : attempts_) {
    attempt->race = nullptr;
    error_code ignored;
    attempt->socket.close(ignored);
  }
}

void ConnectRace::Add(const std::vector<asio::ip::address>& addresses) {
  for (const asio::ip::address& address : addresses) {
    if (known_.size() >= kAddressesMax || std::ranges::find(known_, address) != known_.end()) continue;
    known_.push_back(address);
    waiting_.push_back(address);
  }
  if (done_ && attempts_.empty()) Next();
}

void ConnectRace::Expect(More more) {
  more_ = more;
  EndIfLost();
}

void ConnectRace::Abort() { End(std::unexpected(Failure{asio::error::operation_aborted, {}})); }

Async<ConnectRace::Result> ConnectRace::Run() {
  co_return co_await asio::async_initiate<const asio::use_awaitable_t<Executor>, void(Result)>(
      [this](auto handler) {
        done_ = std::move(handler);
        Next();
        EndIfLost();
      },
      asio::use_awaitable_t<Executor>());
}

// Starts the next address and, if it stays silent, its rival.
void ConnectRace::Next() {
  if (timer_) loop_.Cancel(*std::exchange(timer_, std::nullopt));
  if (!done_ || waiting_.empty()) return;
  auto next = waiting_.begin();
  if (last_was_v4_) {
    const auto other =
        std::ranges::find_if(waiting_, [this](const auto& each) { return each.is_v4() != *last_was_v4_; });
    if (other != waiting_.end()) next = other;
  }
  const asio::ip::address address = *next;
  waiting_.erase(next);
  last_was_v4_ = address.is_v4();
  Start(address);
}

void ConnectRace::Start(const asio::ip::address& address) {
  auto attempt = std::make_unique<Attempt>(loop_.executor(), *this, address);
  const asio::ip::tcp::endpoint endpoint(address, port_);
  error_code error;
  attempt->socket.open(endpoint.protocol(), error);
  if (!error) attempt->socket.non_blocking(true, error);
  if (!error) attempt->socket.set_option(asio::ip::tcp::no_delay(true), error);
  const auto failure = error ? std::optional(Failure{error, address}) : Bind(attempt->socket, address);
  if (failure) {
    Keep(*failure);
    return Next();
  }
  attempts_.push_back(attempt.get());
  timer_ = loop_.CallAt(loop_.clock().Steady() + kRival, [this] {
    timer_.reset();
    Next();
  });
  Socket& socket = attempt->socket;
  socket.async_connect(endpoint, [attempt = std::move(attempt)](const error_code& result) {
    if (attempt->race != nullptr) attempt->race->OnConnected(*attempt, result);
  });
}

std::optional<ConnectRace::Failure> ConnectRace::Bind(Socket& socket, const asio::ip::address& address) const {
  const auto source = sources_.For(address);
  if (!source) return Failure{asio::error::address_family_not_supported, address};
  if (source->is_unspecified()) return std::nullopt;
  // The port is chosen when it connects: else a port would serve one connection in place of one to each endpoint.
  const int on = 1;
  ::setsockopt(socket.native_handle(), IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof on);
  error_code error;
  socket.bind({*source, 0}, error);
  return error ? std::optional(Failure{error, address, Failure::At::kSource}) : std::nullopt;
}

void ConnectRace::OnConnected(Attempt& attempt, const error_code& error) {
  std::erase(attempts_, &attempt);
  attempt.race = nullptr;
  if (!error) return End(std::move(attempt.socket));
  Keep({error, attempt.address});
  Next();
  EndIfLost();
}

void ConnectRace::Keep(const Failure& failure) {
  if (!failure_ || Weight(failure) > Weight(*failure_)) failure_ = failure;
}

void ConnectRace::EndIfLost() {
  if (done_ && attempts_.empty() && waiting_.empty() && more_ == More::kNo)
    End(std::unexpected(failure_.value_or(Failure{asio::error::host_unreachable, {}})));
}

void ConnectRace::End(Result result) {
  if (!done_) return;
  if (timer_) loop_.Cancel(*std::exchange(timer_, std::nullopt));
  for (Attempt* attempt : std::exchange(attempts_, {})) {
    attempt->race = nullptr;
    error_code ignored;
    attempt->socket.close(ignored);
  }
  loop_.Post([done = std::exchange(done_, nullptr), result = std::move(result)]() mutable { done(std::move(result)); });
}

}  // namespace shakehook
