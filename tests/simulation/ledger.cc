#include "ledger.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "base/digest.h"
#include "base/encoding.h"
#include "model/scope.h"

namespace shakehook::simulation {

Subscription* Ledger::Find(const std::string& host) {
  const auto found = std::ranges::find(subscriptions, host, &Subscription::host);
  return found == subscriptions.end() ? nullptr : &*found;
}

void Ledger::Owe(const std::string& venue, const std::string& event, const std::string& resource) {
  for (const Subscription& subscription : subscriptions) {
    if (!subscription.venues.contains(venue) || !subscription.events.contains(event)) continue;
    ++promised_[{subscription.id, event, venue + "/" + resource}];
  }
}

std::string Subscription::SignatureOf(const std::string& body, std::int64_t now) const {
  return ToHex(HmacKey(now < overlap_ends_at ? previous_secret : secret).Sign(body));
}

void Ledger::Crashed() {
  ++epoch_;
  for (auto& [name, line] : lines_) line.busy_until = {};
  loads_.clear();
}

void Ledger::Receive(const ReceivedRequest& request, Milliseconds busy, bool success) {
  ++requests_;
  Subscription* const subscription = Find(request.host);
  ASSERT_NE(subscription, nullptr) << request.host;
  const Json payload = *ParseJson(request.body);
  const std::string event = *payload.Find("event")->text();
  const std::string venue = *payload.Find("venue_id")->text();
  const std::string resource = venue + "/" + event.substr(0, 7) + *payload.Find("data")->Find("id")->text();
  const std::int64_t timestamp = *payload.Find("timestamp")->integer();
  const std::string key = request.Header("Idempotency-Key");
  SCOPED_TRACE("request " + key + " " + event + " of " + resource + " to " + request.host + " at " +
               std::to_string(UnixMs(request.at)));

  EXPECT_TRUE(subscription->venues.contains(venue)) << "outside the webhook's scope";
  EXPECT_TRUE(subscription->events.contains(event)) << "not subscribed";
  if (subscription->rotating) {
    subscription->sent_while_rotating.push_back(request);
  } else {
    EXPECT_EQ(request.Header("Bookingshake-Signature"), subscription->SignatureOf(request.body, UnixMs(request.at)));
  }

  Line& line = lines_[subscription->id + " " + resource];
  EXPECT_LE(line.busy_until, request.steady) << "another of the resource is under way";
  line.busy_until = request.steady + busy;
  // A delivery that a person sends by hand goes at once, whatever else is waiting.
  const bool first = !line.keys.contains(key) && !by_hand_.contains(key);
  if (first) CheckOrder(*subscription, line, key, timestamp);
  if (first) line.newest_first_attempt = std::max(line.newest_first_attempt, timestamp);
  Key& record = line.keys[key];
  record.timestamp = timestamp;
  ++record.attempts;
  if (record.accepted_in_epoch >= 0 && !by_hand_.contains(key)) {
    EXPECT_LT(record.accepted_in_epoch, epoch_) << "sent again after it was delivered";
  }
  if (success) record.accepted_in_epoch = epoch_;

  Load& load = loads_[subscription->id];
  load.busy_until.erase(load.busy_until.begin(), load.busy_until.upper_bound(request.steady));
  load.busy_until.insert(request.steady + busy);
  if (subscription->max_concurrent) {
    EXPECT_LE(load.busy_until.size(), static_cast<std::size_t>(*subscription->max_concurrent));
  }
  if (subscription->max_per_second && load.last_start) {
    // Whole milliseconds: the clock that requests are stamped with has no finer ones.
    EXPECT_GE(request.steady - *load.last_start, Milliseconds(1000 / *subscription->max_per_second - 1));
  }
  load.last_start = request.steady;
}

void Ledger::CheckOrder(const Subscription& subscription, const Line& line, const std::string& key,
                        std::int64_t timestamp) {
  EXPECT_GT(timestamp, line.newest_first_attempt) << "overtaken by a later event of the resource";
  if (!subscription.strict || subscription.discarded) return;
  constexpr int kAttemptsMax = 11;
  for (const auto& [other, record] : line.keys) {
    if (other == key || record.timestamp > timestamp) continue;
    EXPECT_TRUE(record.accepted_in_epoch >= 0 || record.attempts >= kAttemptsMax)
        << "the one before, " << other << ", has not ended";
  }
}

void Ledger::Compare(const Subscription& subscription, const std::vector<Json>& deliveries) {
  std::map<Promised, int> listed;
  std::set<std::string> accepted;
  for (const auto& [name, line] : lines_) {
    for (const auto& [key, record] : line.keys) {
      if (record.accepted_in_epoch >= 0) accepted.insert(key);
    }
  }
  for (const Json& delivery : deliveries) {
    const std::string id = *delivery.Find("id")->text();
    const std::string status = *delivery.Find("status")->text();
    SCOPED_TRACE("delivery " + id + " of " + subscription.host);
    EXPECT_NE(status, "pending");
    if (status == "canceled") {
      // Discarded by a person; the process may have died before it could record that it was accepted.
      EXPECT_TRUE(subscription.discarded);
    } else {
      EXPECT_EQ(status == "delivered", accepted.contains(id)) << status;
    }
    ++listed[{subscription.id, *delivery.Find("event")->text(),
              *delivery.Find("venue_id")->text() + "/" + *delivery.Find("resource_id")->text()}];
  }
  for (const auto& [owed, count] : promised_) {
    if (std::get<0>(owed) != subscription.id) continue;
    EXPECT_GE(listed[owed], count) << "lost: " << std::get<1>(owed) << " " << std::get<2>(owed);
  }
  for (const auto& [owed, count] : listed) {
    EXPECT_LE(count, promised_[owed]) << "made up: " << std::get<1>(owed) << " " << std::get<2>(owed);
  }
}

}  // namespace shakehook::simulation
