// NameServers asks the machine's name servers for the addresses of a name, one family at a time. It goes to the next
// server soon if one is silent, remembers which ones were, and distinguishes a name that fails from servers that cannot
// be reached.
//
// A server that was silent while another one answered is asked last from then on; every few seconds one question goes
// to it as well, and an answer restores its place. If a question gets no answer, or only "I failed", the servers are
// asked for the root's name servers: a server that answers this works, and then the name has failed.
//
// Ownership: the Loop outlives it.
// Threads:   lives on its loop, is destroyed after that loop ended, or while nothing is being looked up.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/loop.h"
#include "net/ares_channel.h"
#include "net/resolver_settings.h"

namespace shakehook {

class NameServers {
 public:
  enum class Blame {
    kName,     // it does not exist, has no address, or its own name servers fail
    kServers,  // ours: none is reached, or none works
  };
  struct Answer {
    int status = ARES_SUCCESS;  // a c-ares status
    std::vector<asio::ip::address> addresses;
    Milliseconds time_to_live{0};
    Blame blame = Blame::kName;  // if `status` is a failure
  };
  using Done = std::move_only_function<void(Answer)>;

  // With one server silent, the next is asked after this.
  static constexpr Milliseconds kNextServer{300};
  // A question that no server has answered is sent again after this.
  static constexpr Milliseconds kAgain{1000};
  static constexpr Milliseconds kLookupTime{3500};

  NameServers(Loop& loop, const ResolverSettings& settings);
  ~NameServers();
  NameServers(const NameServers&) = delete;
  NameServers& operator=(const NameServers&) = delete;

  // Asks for `name` as it is. Calls `done` once, within kLookupTime and a little, possibly before it returns; drops it
  // unused when this is destroyed.
  void Ask(const std::string& name, DnsType type, Done done);

  // Tells whether a working server has answered something since.
  bool AnsweredSince(SteadyTime at) const;
  bool idle() const { return lookups_.empty(); }

 private:
  using LookupId = std::uint64_t;
  struct Server {
    std::unique_ptr<AresChannel> channel;
    SteadyTime answered_at{};  // the last time, whatever it said
    SteadyTime worked_at{};    // the last answer that shows a working server
    bool silent = false;       // let a question pass: it is asked last
    SteadyTime tried_at{};     // if silent: the last time that it was asked
    bool probing = false;
    SteadyTime probed_at{};
  };
  struct Lookup {
    std::string name;
    DnsType type;
    Done done;
    SteadyTime began;
    std::vector<std::size_t> order;  // indices of servers
    std::size_t sent = 0;            // questions, so far
    std::size_t pending = 0;         // questions without an answer
    std::optional<int> failure;      // the best that a server has reported
    bool refused = false;            // every failure so far was a refused connection
    bool closing = false;            // it has failed; the probe says why
    std::optional<Loop::TimerKey> timer;
  };

  std::vector<std::size_t> Order();
  void Send(LookupId id);
  void OnAnswer(LookupId id, std::size_t server, SteadyTime sent_at, AresChannel::Answer answer);
  void OnTimer(LookupId id);
  static Milliseconds SendsNextAfter(const Lookup& lookup, std::size_t ahead = 0);
  Blame BlameFor(const Lookup& lookup) const;
  void SetTimer(LookupId id, Lookup& lookup, SteadyTime at);
  void Fail(LookupId id);
  void Finish(LookupId id, Answer answer);
  void Probe();
  void OnProbe(std::size_t server, int status);
  void Judge();
  bool Probing() const;

  Loop& loop_;
  const bool rotate_;
  std::size_t turns_ = 0;
  std::unordered_map<LookupId, Lookup> lookups_;
  LookupId lookups_made_ = 0;
  std::vector<Server> servers_;  // in the order of the settings
};

}  // namespace shakehook
