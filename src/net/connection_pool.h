// ConnectionPool keeps the idle connections of a loop, to be used again for the same origin, the last used first. It
// closes a connection before its peer is likely to, and one on which unexpected bytes came.
//
// Ownership: the idle connections. The Loop outlives it.
// Threads:   lives on its loop.
#pragma once

#include <array>
#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/loop.h"
#include "net/connection.h"
#include "net/target_url.h"

namespace shakehook {

class ConnectionPool {
 public:
  static constexpr std::size_t kIdleMax = 2048;
  // As many as four webhooks of one receiver may have under way (ConcurrencyLimit). With fewer, each burst would dial
  // again.
  static constexpr std::size_t kIdleOfOriginMax = 1024;
  static constexpr Milliseconds kIdleTimeMax{4000};    // Node's servers close theirs after 5 s
  static constexpr Milliseconds kIdleTimeMargin{500};  // before what the peer announces
  static constexpr Milliseconds kAgeMax{60'000};       // then the name is looked up again

  explicit ConnectionPool(Loop& loop) : loop_(loop) {}
  ~ConnectionPool();
  ConnectionPool(const ConnectionPool&) = delete;
  ConnectionPool& operator=(const ConnectionPool&) = delete;

  // Returns null if there is none that may be used.
  std::unique_ptr<Connection> Take(const TargetUrl& url);
  // Takes back a connection whose response has been read. Closes it if it may not be used again.
  void Give(const TargetUrl& url, std::unique_ptr<Connection> connection);

  // From any thread.
  std::size_t idle() const { return idle_; }

 private:
  struct Idle {
    std::unique_ptr<Connection> connection;
    SteadyTime usable_until;
  };
  struct Hash : std::hash<std::string_view> {
    using is_transparent = void;
  };
  // By host and port; the last used is at the back.
  using Origins = std::unordered_map<std::string, std::vector<Idle>, Hash, std::equal_to<>>;

  Origins& OriginsOf(const TargetUrl& url) { return origins_[static_cast<std::size_t>(url.scheme)]; }
  void CloseOne();
  void SetTimer();
  void Sweep();

  Loop& loop_;
  std::array<Origins, 2> origins_;  // by scheme
  std::atomic<std::size_t> idle_ = 0;
  std::optional<Loop::TimerKey> timer_;
};

}  // namespace shakehook
