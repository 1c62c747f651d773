// The NoticeStore on SQLite: the verbs of notices over the rows of tables/, run by the store's writer and readers.
//
// Ownership: what the constructor takes outlives it.
// Threads:   as notice_store.h says.
#pragma once

#include "store/notice_store.h"
#include "store/sqlite/readers.h"
#include "store/sqlite/tables/audit_rows.h"
#include "store/sqlite/tables/channel_rows.h"
#include "store/sqlite/tables/idempotency_rows.h"
#include "store/sqlite/tables/incident_rows.h"
#include "store/sqlite/tables/notice_rows.h"

namespace shakehook::sqlite {

class Writer;

// The tables of notices. Throws std::runtime_error if a channel cannot be decrypted.
struct NoticeTables {
  NoticeTables(Connection& connection, const SecretBox& box, Random& random)
      : channels(connection, box, random), notices(connection), incidents(connection, channels, notices) {
    channels.Load();
  }

  ChannelRows channels;
  NoticeRows notices;
  IncidentRows incidents;
};

class SqliteNotices final : public NoticeStore {
 public:
  struct Rows {
    ChannelRows& channels;
    NoticeRows& notices;
    IncidentRows& incidents;
    AuditRows& audit;
    IdempotencyRows& idempotency_records;
  };

  SqliteNotices(Rows rows, Writer& writer, Readers& readers) : rows_(rows), writer_(writer), readers_(readers) {}

  std::vector<SharedChannel> ListChannels(const std::function<bool(const NoticeChannel&)>& keep) const override {
    return rows_.channels.List(keep);
  }
  SharedChannel FindChannel(const ChannelId& id) const override { return rows_.channels.Find(id); }
  Async<Stored<Done>> SaveChannel(NoticeChannel channel, std::int64_t expected_version, AuditEntry audit,
                                  std::optional<IdempotencyRecordOf<Done>> response) override;
  Async<Stored<Done>> DeleteChannel(ChannelId id, std::optional<std::int64_t> expected_version,
                                    AuditEntry audit) override;
  Async<Stored<Done>> QueueTest(ChannelId id, Timestamp now,
                                std::optional<IdempotencyRecordOf<Done>> response) override;
  Async<Stored<bool>> JudgeIncidents(Timestamp now) override;
  Async<Stored<std::vector<DueNotices>>> TakeDue(Timestamp now, std::vector<ChannelId> busy,
                                                 std::size_t limit) override;
  Async<Stored<Done>> RecordNotices(NoticeResult result) override;
  Async<Stored<std::vector<Notice>>> ListNotices(NoticeQuery query) override;

 private:
  // Drops channels whose venue or group was deleted.
  void DropOrphans(WriteSession& session);

  const Rows rows_;
  Writer& writer_;
  Readers& readers_;
};

}  // namespace shakehook::sqlite
