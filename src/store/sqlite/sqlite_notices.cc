#include "store/sqlite/sqlite_notices.h"

#include <algorithm>
#include <utility>

#include "store/config_rules.h"
#include "store/sqlite/engine/store_verb.h"
#include "store/sqlite/engine/write_tickets.h"

namespace shakehook::sqlite {

Async<Stored<Done>> SqliteNotices::SaveChannel(NoticeChannel channel, std::int64_t expected_version, AuditEntry audit,
                                               std::optional<IdempotencyRecordOf<Done>> response) {
  StoreVerb<Done>::RunFunction save = [this, channel = std::move(channel), expected_version](WriteSession& session) {
    auto saved = rows_.channels.Save(channel, expected_version, session);
    if (saved && channel.enabled == Switch::kOff) rows_.notices.DropWaiting(channel.id);
    return saved;
  };
  save = rows_.audit.With<Done>(std::move(audit), std::move(save));
  if (response) save = rows_.idempotency_records.With<Done>(*std::move(response), std::move(save));
  return RunVerb<Done>(writer_, WriteTickets::kConfiguration, std::move(save));
}

Async<Stored<Done>> SqliteNotices::DeleteChannel(ChannelId id, std::optional<std::int64_t> expected_version,
                                                 AuditEntry audit) {
  StoreVerb<Done>::RunFunction remove = [this, id, expected_version](WriteSession& session) {
    auto removed = rows_.channels.Remove(id, expected_version, session);
    if (removed) rows_.notices.DropAll(id);
    return removed;
  };
  return RunVerb<Done>(writer_, WriteTickets::kConfiguration, rows_.audit.With<Done>(std::move(audit), remove));
}

Async<Stored<Done>> SqliteNotices::QueueTest(ChannelId id, Timestamp now,
                                             std::optional<IdempotencyRecordOf<Done>> response) {
  StoreVerb<Done>::RunFunction queue = [this, id, now](WriteSession&) -> Stored<Done> {
    const auto channel = rows_.channels.Find(id);
    if (!channel) return Refuse(Refusal::Kind::kMissing, "it does not exist");
    if (rows_.notices.HasWaitingTest(id)) return Refuse(Refusal::Kind::kExists, "a test of it is already waiting");
    rows_.notices.AddTest(*channel, now);
    return Done();
  };
  if (response) queue = rows_.idempotency_records.With<Done>(*std::move(response), std::move(queue));
  return RunVerb<Done>(writer_, WriteTickets::kOfNobody, std::move(queue));
}

Async<Stored<bool>> SqliteNotices::JudgeIncidents(Timestamp now) {
  return RunVerb<bool>(writer_, WriteTickets::kInBackground, [this, now](WriteSession& session) -> Stored<bool> {
    DropOrphans(session);
    return rows_.incidents.Step(now, session);
  });
}

void SqliteNotices::DropOrphans(WriteSession& session) {
  const auto orphans = rows_.channels.List(
      [&](const NoticeChannel& channel) { return !CheckScope(session.config_cache(), channel.scope); });
  for (const SharedChannel& channel : orphans) {
    const auto removed = rows_.channels.Remove(channel->id, std::nullopt, session);
    if (removed) rows_.notices.DropAll(channel->id);
  }
}

Async<Stored<std::vector<DueNotices>>> SqliteNotices::TakeDue(Timestamp now, std::vector<ChannelId> busy,
                                                              std::size_t limit) {
  using Due = std::vector<DueNotices>;
  return RunVerb<Due>(writer_, WriteTickets::kInBackground,
                      [this, now, busy = std::move(busy), limit](WriteSession&) -> Stored<Due> {
                        Due due;
                        for (const ChannelId& id : rows_.notices.ListDueChannels(now)) {
                          if (due.size() >= limit) break;
                          if (std::ranges::find(busy, id) != busy.end()) continue;
                          const auto channel = rows_.channels.Find(id);
                          if (!channel || channel->enabled == Switch::kOff) continue;
                          DueNotices taken = rows_.notices.Take(channel, now);
                          if (!taken.notices.empty()) due.push_back(std::move(taken));
                        }
                        return due;
                      });
}

Async<Stored<Done>> SqliteNotices::RecordNotices(NoticeResult result) {
  return RunVerb<Done>(writer_, WriteTickets::kInBackground,
                       [this, result = std::move(result)](WriteSession&) -> Stored<Done> {
                         rows_.notices.Record(result);
                         return Done();
                       });
}

Async<Stored<std::vector<Notice>>> SqliteNotices::ListNotices(NoticeQuery query) {
  const Asker asker = query.asker;
  return readers_.Run<std::vector<Notice>>(
      asker, Readers::Kind::kShort,
      [query = std::move(query)](ReadSession& session) { return session.notices.List(query); });
}

}  // namespace shakehook::sqlite
