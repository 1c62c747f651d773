// Ledger keeps what the API promised and what the receivers got, and checks each request by the rules: nothing is sent
// after it was delivered (except around a crash, and what a person asked for), a resource's requests go one at a time
// and in order, limits are kept, signatures are right, scopes are never crossed. At the end it compares both sides:
// nothing is lost.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "base/json.h"
#include "testing/world/simulated_transport.h"

namespace shakehook::simulation {

// A webhook as the simulation set it up.
struct Subscription {
  std::string id;
  std::string host;  // tells requests of one webhook from another's
  std::set<std::string> venues;
  std::set<std::string> events;
  bool strict = false;
  bool enabled = true;
  std::optional<int> max_concurrent;
  std::optional<int> max_per_second;
  std::string secret;
  std::string previous_secret;
  std::int64_t overlap_ends_at = 0;
  // A rotation is running: a request that is sent meanwhile may be signed with the old or the new secret.
  bool rotating = false;
  std::vector<ReceivedRequest> sent_while_rotating;

  // Returns the signature by the secret that signs at `now`.
  std::string SignatureOf(const std::string& body, std::int64_t now) const;
  bool discarded = false;  // some of its deliveries were canceled by a person
};

class Ledger {
 public:
  std::vector<Subscription> subscriptions;

  // The API promised the event.
  void Owe(const std::string& venue, const std::string& event, const std::string& resource);

  // A receiver gets a request, which it will answer after `busy` of time, with success or not.
  void Receive(const ReceivedRequest& request, Milliseconds busy, bool success);
  void Crashed();
  void Redelivered(const std::string& delivery_id) { by_hand_.insert(delivery_id); }

  // A webhook's deliveries as the API lists them, at the end.
  void Compare(const Subscription& subscription, const std::vector<Json>& deliveries);

  std::size_t requests() const { return requests_; }

 private:
  struct Key {
    int accepted_in_epoch = -1;  // the epoch (life of the process) in which a receiver accepted it
    int attempts = 0;
    std::int64_t timestamp = 0;
  };
  // The requests for one resource to one webhook.
  struct Line {
    SteadyTime busy_until{};
    std::int64_t newest_first_attempt = 0;
    std::map<std::string, Key> keys;
  };
  struct Load {
    std::multiset<SteadyTime> busy_until;
    std::optional<SteadyTime> last_start;
  };
  using Promised = std::tuple<std::string, std::string, std::string>;  // webhook, event, resource

  Subscription* Find(const std::string& host);
  void CheckOrder(const Subscription& subscription, const Line& line, const std::string& key, std::int64_t timestamp);

  int epoch_ = 0;
  std::size_t requests_ = 0;
  std::map<Promised, int> promised_;
  std::map<std::string, Line> lines_;
  std::map<std::string, Load> loads_;
  std::set<std::string> by_hand_;
};

}  // namespace shakehook::simulation
