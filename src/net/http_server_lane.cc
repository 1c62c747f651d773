#include "net/http_server_lane.h"

#include <algorithm>
#include <new>
#include <utility>

#include "base/memory_reserve.h"
#include "net/http_server_connection.h"

namespace shakehook {
namespace {

constexpr Milliseconds kSweepInterval{250};
// If no client was slow enough to be ended, it takes a while until one is.
constexpr Milliseconds kSlowLookInterval{50};
// 1/kPartFreed of the budget is freed at once: looking for the slowest walks over all connections.
constexpr std::size_t kPartFreed = 8;
// Closed at once, for the same reason.
constexpr std::size_t kIdleClosedAtOnce = 8;

}  // namespace

void HttpServerLane::CountOut(Admission admission) {
  const bool refused = admission == Admission::kRefuse || admission == Admission::kRefuseAddress;
  (refused ? shared_.refusals : shared_.connections).fetch_sub(1);
}

void HttpServerLane::Serve(Socket socket, Admission admission, AddressShares::Place place,
                           std::shared_ptr<void> server) {
  if (admission == Admission::kInPlaceOfAnother) {
    admission = CloseLongestIdle() ? Admission::kServe : Admission::kRefuse;
    if (admission == Admission::kRefuse) {
      shared_.connections.fetch_sub(1);
      shared_.refusals.fetch_add(1);
    }
  }
  // Without memory for it the connection is closed without a word.
  if (MemoryIsShort()) {
    RefillMemoryReserve();
    CountOut(admission);
    return;
  }
  try {
    ArmSweep(server);
    loop_.Spawn(Run(std::move(socket), admission, std::move(place), std::move(server)));
  } catch (const std::bad_alloc&) {
    CountOut(admission);
  }
}

Async<> HttpServerLane::Run(Socket socket, Admission admission, AddressShares::Place place,
                            std::shared_ptr<void> server) {
  try {
    HttpServerConnection connection(*this, std::move(socket), admission);
    co_await connection.Run();
  } catch (const std::bad_alloc&) {  // not even its end was told
  }
  SetLoopWork({});  // nobody could be told of what fails while the coroutine ends
  CountOut(admission);
}

std::size_t HttpServerLane::EndSlowest(std::size_t bytes, const HttpServerConnection& asking) {
  const SteadyTime now = Now();
  if (now < nobody_slow_until_) return 0;
  std::vector<std::pair<HttpServerConnection::Slowness, HttpServerConnection*>> slow;
  for (HttpServerConnection* connection : connections_) {
    if (connection == &asking) continue;
    const auto slowness = connection->SlownessAt(now);
    if (slowness && (asking.proven() || !slowness->proven)) slow.emplace_back(*slowness, connection);
  }
  std::ranges::sort(slow, {}, [](const auto& each) { return each.first; });
  std::size_t freed = 0;
  for (const auto& [slowness, connection] : slow) {
    if (freed >= std::max(bytes, shared_.held.bytes_max() / kPartFreed)) break;
    freed += connection->EndForRoom();
  }
  if (freed == 0) nobody_slow_until_ = now + kSlowLookInterval;
  return freed;
}

std::size_t HttpServerLane::EndStalled(const std::string& owner) {
  const SteadyTime now = Now();
  if (now < nobody_stalls_until_) return 0;
  std::size_t freed = 0;
  for (HttpServerConnection* connection : connections_) {
    if (connection->memory().owner() == owner && connection->Stalls(now)) freed += connection->EndForRoom();
  }
  if (freed == 0) nobody_stalls_until_ = now + kSlowLookInterval;
  return freed;
}

bool HttpServerLane::CloseLongestIdle() {
  const SteadyTime now = Now();
  std::vector<std::pair<SteadyTime, HttpServerConnection*>> idle;
  for (HttpServerConnection* connection : connections_) {
    if (const auto since = connection->IdleSince(now)) idle.emplace_back(*since, connection);
  }
  const auto closed =
      std::min(kIdleClosedAtOnce, std::max<std::size_t>(idle.size() / 2, std::min<std::size_t>(idle.size(), 1)));
  std::ranges::partial_sort(idle, idle.begin() + static_cast<std::ptrdiff_t>(closed), {},
                            [](const auto& each) { return each.first; });
  for (std::size_t i = 0; i < closed; ++i) idle[i].second->Close();
  return closed > 0;
}

void HttpServerLane::Add(HttpServerConnection& connection) {
  connection.set_place(connections_.size());
  connections_.push_back(&connection);
}

void HttpServerLane::Remove(HttpServerConnection& connection) {
  HttpServerConnection* const last = connections_.back();
  connections_[connection.place()] = last;
  last->set_place(connection.place());
  connections_.pop_back();
}

// Closing a connection only cancels what it waits for; its coroutine, and with it the list's entry, ends later.
void HttpServerLane::CloseIdle() {
  for (HttpServerConnection* connection : connections_) connection->CloseIfIdle();
}

void HttpServerLane::CloseAll() {
  for (HttpServerConnection* connection : connections_) connection->Close();
}

void HttpServerLane::ArmSweep(std::shared_ptr<void> server) {
  if (sweep_armed_) return;
  loop_.CallAt(Now() + kSweepInterval, [this, server = std::move(server)]() mutable { Sweep(std::move(server)); });
  sweep_armed_ = true;
}

void HttpServerLane::Sweep(std::shared_ptr<void> server) {
  SetLoopWork({"looking after", "connections"});
  sweep_armed_ = false;
  RefillMemoryReserve();
  const SteadyTime now = Now();
  for (HttpServerConnection* connection : connections_) connection->CheckDeadline(now);
  try {
    if (!connections_.empty()) ArmSweep(std::move(server));
  } catch (const std::bad_alloc&) {  // the next connection arms it
  }
}

}  // namespace shakehook
