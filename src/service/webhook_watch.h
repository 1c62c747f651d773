// WebhookWatch looks at all webhooks every few seconds: how much each is owed and since when, and how well it does.
// Its figures are in /metrics, and the log tells when a webhook begins to fail, has recovered or was disabled, and
// when the backlog grows. It reads in pages that others' reads come between, and rests twenty times as long as a round
// took, so that it takes a twentieth of a reader at most, however many webhooks there are.
//
// Bounded: the worst kWorstMax failing webhooks are shown one by one; of each kind of change kToldMax a round are told
//          one by one, the others by their number.
// Ownership: store, loop and registry outlive its work; destroyed after the loop has ended.
// Threads: lives on its loop; Start from any thread, Collect from any thread.
#pragma once

#include <prometheus/collectable.h>
#include <prometheus/counter.h>
#include <prometheus/registry.h>

#include <array>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/loop.h"
#include "base/mutex.h"
#include "service/backlog_trend.h"
#include "service/webhook_incidents.h"
#include "store/store.h"

namespace shakehook {

class WebhookWatch final : public prometheus::Collectable {
 public:
  static constexpr std::size_t kWorstMax = 20;
  static constexpr std::size_t kToldMax = 20;

  struct Options {
    Milliseconds interval{5'000};          // between two rounds, or longer where a round takes long
    Milliseconds delivery_timeout{5'000};  // for the judgement of slow endpoints
  };

  WebhookWatch(Store& store, Loop& loop, prometheus::Registry& registry, Options options);

  // Called once. The object must live as long as the loop runs.
  void Start();

  std::vector<prometheus::MetricFamily> Collect() const override;

 private:
  struct Failing {
    std::string id;
    std::int64_t pending = 0;
    std::int64_t failures = 0;
    std::optional<Timestamp> owed_since;
  };
  // The figures that a round has found.
  struct Figures {
    std::array<std::int64_t, 6> by_condition{};
    std::int64_t pending = 0;
    std::int64_t pending_of_well = 0;  // counts webhooks that neither fail nor are disabled
    std::optional<Timestamp> owed_since;
    std::vector<Failing> worst;
    bool backlog_grows = false;
    Timestamp ended_at;
    Microseconds took{};
  };
  struct Told {
    std::array<std::size_t, kWebhookChanges> changes{};
  };
  using OwedSince = std::unordered_map<WebhookNumber, Timestamp>;

  Async<> GoOn();
  // Returns false if the store cannot read.
  Async<bool> Round();
  Async<Stored<OwedSince>> ReadOwedSince();
  // Looks at one page of webhooks.
  Async<Stored<Done>> Look(const std::vector<SharedWebhook>& page, const OwedSince& owed_since, Figures& figures,
                           Told& told);
  void Add(const Webhook& webhook, const WebhookHealth& health, const Judgement& judgement, const OwedSince& owed_since,
           Figures& figures);
  void Tell(const Webhook& webhook, const WebhookHealth& health, const Judgement& judgement, WebhookChange change,
            Told& told);
  // Tells what is left to tell of a round.
  void TellRest(const Told& told, Figures& figures);

  Store& store_;
  Loop& loop_;
  const Options options_;
  std::array<prometheus::Counter*, kWebhookChanges> changes_{};
  WebhookIncidents incidents_;
  BacklogTrend trend_;

  mutable Mutex mutex_;
  std::optional<Figures> figures_ GUARDED_BY(mutex_);  // absent before the first round has ended
};

}  // namespace shakehook
