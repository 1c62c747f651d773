// DnsResolver finds the addresses of a name without blocking the loop. Whoever asks for a name that is being looked up
// waits for that one lookup; answers are kept for their time to live (1 to 60 s), failures for a second.
//
// Ownership: the Loop outlives it.
// Threads:   lives on its loop, is destroyed after that loop ended; coroutines that still wait go with it.
// Loss:      a cache; forgetting costs a lookup.
#pragma once

#include <cstdint>
#include <expected>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/loop.h"
#include "net/ares_channel.h"

namespace shakehook {

// The addresses in the order to try them, never none; or a reason for a person.
using DnsAnswer = std::expected<std::vector<asio::ip::address>, std::string>;

class DnsResolver {
 public:
  struct Options {
    std::string servers;  // "127.0.0.1:5353,..."; empty: the system's
  };
  // Names one waiting coroutine; 0 is none.
  using WaitId = std::uint64_t;

  explicit DnsResolver(Loop& loop) : DnsResolver(loop, Options()) {}
  DnsResolver(Loop& loop, Options options);
  ~DnsResolver();

  // Precondition: `host` is a name that ParseTargetUrl gave, no address literal. `wait` is set before it suspends and
  // outlives the call.
  Async<DnsAnswer> Resolve(std::string host, WaitId& wait);
  // That coroutine resumes soon, with a failure; the lookup goes on for others. Nothing happens if it resumed already.
  void Cancel(WaitId wait);

 private:
  struct Entry {
    std::optional<DnsAnswer> answer;  // absent: being looked up
    SteadyTime expires_at;
    std::vector<WaitId> waits;
  };
  using Waiter = std::move_only_function<void(DnsAnswer)>;

  void Wait(const std::string& host, WaitId wait, Waiter waiter);
  void StartLookup(const std::string& host);
  void FinishLookup(const std::string& host, AresChannel::Result result);
  void Resume(WaitId wait, DnsAnswer answer);
  void MakeRoom();
  void FollowSystemSettings();

  Loop& loop_;
  const Options options_;
  std::map<WaitId, Waiter> waiters_;
  WaitId waits_made_ = 0;
  std::unordered_map<std::string, Entry> entries_;
  std::size_t lookups_ = 0;  // under way
  std::optional<std::filesystem::file_time_type> settings_time_;
  std::unique_ptr<AresChannel> channel_;
};

}  // namespace shakehook
