// Notices as rows: those that wait and those that were told. Waiting ones become one message when they are due.
//
// Threads: NoticeRows on the writer's; NoticeReads on its connection's.
#pragma once

#include <optional>
#include <vector>

#include "model/notice.h"
#include "store/notice_store.h"
#include "store/sqlite/engine/select.h"

namespace shakehook::sqlite {

// Defined where they are read.
struct NoticeColumns;
struct ToldColumns;
struct DueChannelColumns;

// NoticeSource names the incident, of a webhook, that a notice tells of. A test has none.
struct NoticeSource {
  WebhookNumber webhook;
  IncidentKind incident = IncidentKind::kFailing;
};

class NoticeRows {
 public:
  explicit NoticeRows(Connection& connection);

  // Makes a notice, unless the channel has too many waiting (kNoticesWaitingMax), or no recipient has confirmed.
  // `due`: the earliest time.
  void Add(const NoticeChannel& channel, NoticeKind kind, const NoticeFacts& facts, const NoticeSource& source,
           Timestamp due, Timestamp now);
  void AddTest(const NoticeChannel& channel, Timestamp now);
  bool HasWaitingTest(const ChannelId& channel);

  // Ends an incident that began at `since`: notices of its beginning that nobody was sent are dropped. Returns the
  // channels that were told of it, or are being told.
  std::vector<ChannelId> DropUntold(const NoticeSource& source, Timestamp since);
  // Drops what waits for a channel that was disabled, or all of one that was deleted.
  void DropWaiting(const ChannelId& channel);
  void DropAll(const ChannelId& channel);

  // The channels for which something is due, the one that waits longest first.
  std::vector<ChannelId> ListDueChannels(Timestamp now);
  // Takes the channel's next message: it may have no notices. Counts an attempt for each.
  DueNotices Take(const SharedChannel& channel, Timestamp now);
  void Record(const NoticeResult& result);

  // Drops some that are older than they are kept.
  void DropOld(Timestamp now);

 private:
  // Returns the only kind that the channel's next message may hold; nullopt: any.
  std::optional<NoticeKind> OnlyKind(const NoticeChannel& channel, Timestamp now);

  Statement insert_, drop_, drop_waiting_, drop_all_, begin_, sent_, failed_, wait_, drop_beyond_, drop_old_;
  SelectOne<std::int64_t> waiting_, waiting_test_;
  SelectOne<NoticeKind> first_kind_;
  Select<ToldColumns> of_incident_;
  Select<DueChannelColumns> due_channels_;
  Select<NoticeColumns> due_;
};

class NoticeReads {
 public:
  explicit NoticeReads(Connection& connection);

  // store/notice_store.h: ListNotices.
  std::vector<Notice> List(const NoticeQuery& query);

 private:
  Select<NoticeColumns> of_channel_;
};

}  // namespace shakehook::sqlite
