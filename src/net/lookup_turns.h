// LookupTurns says which name is looked up next, and whether another one may wait at all: tenants take turns, so that
// ten thousand names of one tenant, on a name server that does not answer, hold up no name of another.
//
// A lookup is new until it has ended or has proved to be slow. The number of new ones is limited, because a burst of
// questions overruns the buffers of a name server; slow ones only take memory, of which a tenant gets no more than is
// left to all others.
//
// Pure. Threads: one loop's.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <unordered_map>

namespace shakehook {

class LookupTurns {
 public:
  static constexpr std::size_t kHeldMax = 8192;  // waiting or under way, of all tenants
  static constexpr std::size_t kNewMax = 512;
  static constexpr std::size_t kNewOfTenantMax = 128;

  // False: the tenant has too many already.
  bool Add(std::uint64_t tenant, const std::string& name);
  struct Next {
    std::uint64_t tenant;
    std::string name;
  };
  // Starts a lookup, which is new from now on. Returns nullopt if none may begin.
  std::optional<Next> Begin();
  bool HasTurn() const { return new_ < kNewMax && !turns_.empty(); }
  // Says that it is not new any more.
  void Slow(std::uint64_t tenant);
  void End(std::uint64_t tenant);

 private:
  struct Tenant {
    std::deque<std::string> waiting;
    std::size_t held = 0;
    std::size_t fresh = 0;
    bool has_turn = false;
  };
  void GiveTurn(std::uint64_t number, Tenant& tenant);

  std::unordered_map<std::uint64_t, Tenant> tenants_;
  std::deque<std::uint64_t> turns_;  // tenants with waiting names that may begin
  std::size_t held_ = 0;
  std::size_t new_ = 0;
};

}  // namespace shakehook
