// DnsResolver finds the addresses of a name without blocking the loop. IPv4 and IPv6 addresses are asked for side by
// side and cached apart: a family that gets no answer (home routers, firewalls) delays nobody for longer than RFC 8305
// says. A second request for a name waits for the lookup that is under way; addresses are kept for their time to live
// (1 to 60 s), failures for a second.
//
// A name with a dot is only looked up as it is: a search domain with a wildcard would send a customer's data to another
// host. The search domains are used for names without a dot, and only if the options ask for it.
//
// Ownership: the Loop outlives it.
// Threads:   lives on its loop, is destroyed after that loop ended; coroutines that still wait go with it.
// Loss:      a cache; forgetting costs a lookup.
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <expected>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/loop.h"
#include "net/lookup_turns.h"
#include "net/name_servers.h"
#include "net/resolver_settings.h"
#include "net/transport.h"

namespace shakehook {

struct DnsFailure {
  std::optional<OwnFault> own_fault;  // absent: the name's
  std::string message;                // for a person
};
struct DnsAddresses {
  std::vector<asio::ip::address> addresses;  // in the order to try them; never empty
  bool complete = true;                      // false: the other family is still being looked up
};
using DnsAnswer = std::expected<DnsAddresses, DnsFailure>;

class DnsResolver {
 public:
  // Says whether a name without a dot is looked up, in the search domains.
  enum class Search { kNever, kDomains };
  struct Options {
    std::string servers;  // "127.0.0.1:5353,..."; empty: the system's
    Search search = Search::kNever;
    std::vector<std::string> domains = {};  // with `servers`; else the system's
  };
  // Identifies a waiting request; 0 is none.
  using WaitId = std::uint64_t;
  using Waiter = std::move_only_function<void(DnsAnswer)>;

  // Once there are addresses of one family, the other gets this much longer (RFC 8305, section 3).
  static constexpr Milliseconds kOtherFamily{50};

  explicit DnsResolver(Loop& loop) : DnsResolver(loop, Options()) {}
  DnsResolver(Loop& loop, Options options);
  ~DnsResolver();

  // Precondition: `host` is a name that ParseTargetUrl gave, no address literal. `wait` is set before it suspends and
  // outlives the call. Tenants share what can be looked up at a time.
  Async<DnsAnswer> Resolve(std::string host, std::uint64_t tenant, WaitId& wait);
  // Waits for all addresses of the name, of both families; for use after an answer that was not complete. Calls
  // `waiter` on the loop, not before this returns.
  WaitId AwaitRest(const std::string& host, Waiter waiter);
  // Resumes that request soon, with a failure; the lookup goes on for others. Nothing happens if it resumed already.
  void Cancel(WaitId wait);

  // Returns a fault if a lookup that began then and has not ended is delayed by the name servers, not by the name.
  std::optional<OwnFault> FaultSince(SteadyTime began) const;

 private:
  struct Family {
    bool pending = false;
    bool slow = false;  // came too late the last time: the other family does not wait for it
    std::vector<asio::ip::address> addresses;
    std::optional<DnsFailure> failure;
    SteadyTime expires_at{};
  };
  enum class Until { kSome, kAll };
  struct Entry {
    std::array<Family, 2> families;  // IPv4, IPv6
    std::uint64_t tenant = 0;        // for whom it is looked up
    bool young = false;              // it counts as new for the turns
    std::uint64_t round = 0;         // the number of its lookups
    bool grace_over = false;
    SteadyTime some_at{};  // the time when the first family's addresses were there
    std::optional<Loop::TimerKey> grace;
    std::map<WaitId, Until> waits;

    bool pending() const { return families[0].pending || families[1].pending; }
  };

  void Wait(const std::string& host, std::uint64_t tenant, WaitId wait, Until until);
  void BeginLookups();
  void Age();
  struct Question {
    std::string host;
    std::size_t family;
    std::size_t candidate;  // an index in the candidate names
    std::uint64_t round;
  };
  void Ask(Question question);
  void OnAnswer(const Question& question, NameServers::Answer answer);
  void EndLookup(const std::string& host);
  void Settle(const std::string& host);
  std::optional<DnsAnswer> AnswerOf(const Entry& entry, Until until) const;
  void Resume(WaitId wait, DnsAnswer answer);
  void MakeRoom();
  void FollowSystemSettings();
  std::vector<std::string> Candidates(const std::string& host) const;

  Loop& loop_;
  const Options options_;
  std::map<WaitId, Waiter> waiters_;
  WaitId waits_made_ = 0;
  std::unordered_map<std::string, Entry> entries_;
  LookupTurns turns_;
  std::deque<std::pair<SteadyTime, std::string>> young_;  // with the time when they stop being new
  std::optional<Loop::TimerKey> young_timer_;
  bool begin_posted_ = false;
  std::string settings_mark_;  // identifies the file that was read
  ResolverSettings settings_;
  std::unique_ptr<NameServers> servers_;
  std::vector<std::unique_ptr<NameServers>> former_;  // for old settings, until their lookups end
};

}  // namespace shakehook
