// The incidents that are open: a webhook that fails, that the server disabled, that gave a delivery up, or that falls
// behind. A pass compares them with the webhooks' health, in small steps, and makes the notices of their beginning and
// end. Nothing is judged while there is no channel.
//
// Ownership: what the constructor takes outlives it.
// Memory:    causes of the latest failures, and backlogs of the last pass, both bounded; after a restart they are
//            learned again.
// Threads:   the writer's.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "model/delivery.h"
#include "model/notice.h"
#include "store/sqlite/engine/select.h"
#include "store/sqlite/engine/write_session.h"
#include "store/sqlite/tables/channel_rows.h"
#include "store/sqlite/tables/notice_rows.h"

namespace shakehook::sqlite {

// Defined where they are read.
struct TroubleColumns;
struct ExhaustedColumns;
struct OpenIncidentColumns;

class IncidentRows {
 public:
  IncidentRows(Connection& connection, const ChannelRows& channels, NoticeRows& notices);

  // An attempt failed, for a reason that is told to people.
  void HearOfFailure(WebhookNumber webhook, const Attempt& attempt);
  // A delivery was given up after its last retry.
  void HearOfExhausted(WebhookNumber webhook, Timestamp at);

  // A small step of a pass; returns whether the pass goes on.
  bool Step(Timestamp now, const WriteSession& session);

 private:
  enum class Phase : std::uint8_t { kTrouble, kExhausted, kDisabled, kOpen };
  struct Health {
    WebhookNumber webhook;
    std::int64_t failures = 0;
    std::optional<Timestamp> failing_since;   // read of those in trouble
    std::optional<Timestamp> last_failed_at;  // read of those with an open incident
    std::int64_t pending = 0;
  };
  struct Cause {
    std::string text;
    std::string_view code;
    std::int64_t number = 0;
  };
  struct Incident {
    std::int64_t id = 0;
    IncidentKind kind = IncidentKind::kFailing;
    Timestamp started_at;
    Health health;
  };

  // Each goes through up to kRowsPerStep rows after the cursor, and returns whether there may be more.
  bool BeginTrouble(Timestamp now, const WriteSession& session);
  bool BeginExhausted(Timestamp now, const WriteSession& session);
  bool BeginDisabled(Timestamp now, const WriteSession& session);
  bool EndOpen(Timestamp now, const WriteSession& session);

  std::vector<Health> ReadTrouble();
  std::vector<Incident> ReadOpen();
  bool GrowsBehind(const Health& health);
  void Begin(const Webhook& webhook, IncidentKind kind, Timestamp since, std::int64_t pending, Timestamp now,
             const WriteSession& session);
  void End(const Incident& incident, const Webhook* webhook, bool tell, Timestamp now, const WriteSession& session);
  // Returns the channels that hear of the webhook.
  std::vector<SharedChannel> ChannelsOf(const Webhook& webhook, const WriteSession& session) const;
  NoticeFacts FactsOf(const Webhook& webhook, Timestamp since, std::int64_t pending) const;

  const ChannelRows& channels_;
  NoticeRows& notices_;
  Select<TroubleColumns> trouble_;
  Select<ExhaustedColumns> exhausted_;
  Select<OpenIncidentColumns> open_;
  SelectOne<std::int64_t> pending_of_;
  Statement hear_exhausted_, forget_exhausted_, begin_, end_;
  Phase phase_ = Phase::kTrouble;
  std::int64_t cursor_ = 0;
  std::optional<WebhookId> webhook_cursor_;
  std::unordered_map<WebhookNumber, Cause> causes_;
  std::unordered_map<WebhookNumber, std::int64_t> backlogs_, backlogs_before_;
};

}  // namespace shakehook::sqlite
