// NoticeStore is the part of the Store that keeps notices: channels, incidents, and what is to be told. What is told is
// decided in the same transactions that it is stored by, so that a restart neither loses a notice nor tells it twice,
// but for one whose sending was under way.
//
// Threads: verbs from any Loop; each resumes on the loop of its caller. ListChannels and FindChannel from any thread.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/loop.h"
#include "base/result.h"
#include "model/audit_entry.h"
#include "model/notice.h"
#include "store/asker.h"
#include "store/idempotency_record.h"
#include "store/refusal.h"

namespace shakehook {

// DueNotices are one message to a channel: the oldest notices that wait for it, kNoticesPerMessage at most, and the
// numbers of further ones, which a chat only counts. Those for a channel of kind webhook are all of one kind, and none
// is unlisted: what is left becomes further requests.
struct DueNotices {
  SharedChannel channel;
  std::vector<Notice> notices;
  std::vector<Position> unlisted;
};

// How a message went. On a failure its notices wait until `retry_at`, and those that had kNoticeAttemptsMax attempts
// are given up; so is a test after its first, because a person waits for its result.
struct NoticeResult {
  ChannelId channel;
  std::vector<Position> notices;
  std::optional<NoticeFault> error;   // absent: it was sent
  std::optional<NoticeFault> remark;  // whom it did not reach although it was sent; absent: it reached all
  Timestamp retry_at;
  Timestamp at;
};

struct NoticeQuery {
  ChannelId channel;
  std::optional<Position> before;
  std::size_t limit = 50;
  Asker asker = {};
};

// A message lists so many notices at most.
inline constexpr std::size_t kNoticesPerMessage = 50;
inline constexpr int kNoticeAttemptsMax = 10;
// A notice waits so long for others that begin at the same time.
inline constexpr Milliseconds kNoticesGathered{10'000};
// A channel gets a message at most once in this time; after a message of more than kNoticesInFull notices, once in the
// longer one. What comes meanwhile is told together.
inline constexpr Milliseconds kMessageInterval{30'000};
inline constexpr Milliseconds kSummaryInterval{300'000};
inline constexpr std::size_t kNoticesInFull = 3;
// A channel that has so many waiting gets no more until some are sent or given up.
inline constexpr std::int64_t kNoticesWaitingMax = 1'000;
// Notices are kept so long, and so many of each channel.
inline constexpr Milliseconds kNoticesKept = std::chrono::days(90);
inline constexpr std::int64_t kNoticesOfChannelKept = 1'000;

class NoticeStore {
 public:
  virtual ~NoticeStore() = default;

  // Returns the channels that `keep` accepts, in the order they were made.
  virtual std::vector<SharedChannel> ListChannels(const std::function<bool(const NoticeChannel&)>& keep) const = 0;
  // Returns null if there is none.
  virtual SharedChannel FindChannel(const ChannelId& id) const = 0;

  // `expected_version` 0 makes one. kFull: the scope has kChannelsPerScopeMax; kMissing: there is no such channel or
  // scope; kVersionConflict: it was changed meanwhile.
  virtual Async<Stored<Done>> SaveChannel(NoticeChannel channel, std::int64_t expected_version, AuditEntry audit,
                                          std::optional<IdempotencyRecordOf<Done>> response) = 0;
  // Deletes its notices, too.
  virtual Async<Stored<Done>> DeleteChannel(ChannelId id, std::optional<std::int64_t> expected_version,
                                            AuditEntry audit) = 0;
  // Makes a test, due now. kExists: another one waits.
  virtual Async<Stored<Done>> QueueTest(ChannelId id, Timestamp now,
                                        std::optional<IdempotencyRecordOf<Done>> response) = 0;

  // Compares webhooks' health with the open incidents: begins and ends incidents, and makes their notices. A bounded
  // step; returns whether there is more to do at once.
  virtual Async<Stored<bool>> JudgeIncidents(Timestamp now) = 0;
  // Takes a message for each of at most `limit` enabled channels that are not in `busy` and have notices due, and
  // counts an attempt for each notice. In a channel's quiet hours only tests are due. What is taken is due until it is
  // recorded: after a restart it is taken again.
  virtual Async<Stored<std::vector<DueNotices>>> TakeDue(Timestamp now, std::vector<ChannelId> busy,
                                                         std::size_t limit) = 0;
  virtual Async<Stored<Done>> RecordNotices(NoticeResult result) = 0;

  // Newest first.
  virtual Async<Stored<std::vector<Notice>>> ListNotices(NoticeQuery query) = 0;
};

}  // namespace shakehook
