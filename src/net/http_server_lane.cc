#include "net/http_server_lane.h"

#include <utility>

#include "net/http_server_connection.h"

namespace shakehook {
namespace {

constexpr Milliseconds kSweepInterval{250};

}  // namespace

void HttpServerLane::Serve(Socket socket, Admission admission, std::shared_ptr<void> server) {
  ArmSweep(server);
  loop_.Spawn(Run(std::move(socket), admission, std::move(server)));
}

Async<> HttpServerLane::Run(Socket socket, Admission admission, std::shared_ptr<void> server) {
  HttpServerConnection connection(*this, std::move(socket), admission);
  co_await connection.Run();
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
  sweep_armed_ = true;
  loop_.CallAt(Now() + kSweepInterval, [this, server = std::move(server)]() mutable { Sweep(std::move(server)); });
}

void HttpServerLane::Sweep(std::shared_ptr<void> server) {
  sweep_armed_ = false;
  const SteadyTime now = Now();
  for (HttpServerConnection* connection : connections_) connection->CheckDeadline(now);
  if (!connections_.empty()) ArmSweep(std::move(server));
}

}  // namespace shakehook
