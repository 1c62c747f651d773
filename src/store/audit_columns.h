// The columns of the table audit, and the entry that a row of them is. `Row` reads a column by its name: a row of
// either database.
//
// Threads: those of the row.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "model/audit_entry.h"
#include "store/columns.h"
#include "store/event_query.h"

namespace shakehook {

struct AuditColumns
    : Columns<Column<"position", Position>, Column<"id", Uuid>, Column<"at", Timestamp>,
              Column<"actor_kind", AuditActorKind>, Column<"actor_id", std::string>, Column<"actor_name", std::string>,
              Column<"action", AuditAction>, Column<"subject_kind", std::optional<std::string>>,
              Column<"subject_id", std::optional<std::string>>, Column<"subject_name", std::optional<std::string>>,
              Column<"detail", std::string>, Column<"scope_kind", Scope::Kind>, Column<"scope_id", std::string>,
              Column<"changes", std::string>> {};
struct ActorCountColumns : Columns<Column<"actor_id", std::string>, Column<"count(*) AS entries", std::int64_t>> {};

template <class Row>
ListedAuditEntry ReadAuditEntry(const Row& row) {
  ListedAuditEntry listed{.position = row.template Get<"position">(), .entry = {}};
  AuditEntry& entry = listed.entry;
  entry.id = row.template Get<"id">();
  entry.at = row.template Get<"at">();
  entry.actor = {.kind = row.template Get<"actor_kind">(),
                 .id = row.template Get<"actor_id">(),
                 .name = row.template Get<"actor_name">(),
                 .scope = {row.template Get<"scope_kind">(), row.template Get<"scope_id">()}};
  entry.action = row.template Get<"action">();
  if (auto kind = row.template Get<"subject_kind">()) {
    entry.subject = AuditEntry::Subject{.kind = *std::move(kind),
                                        .id = row.template Get<"subject_id">().value_or(""),
                                        .name = row.template Get<"subject_name">().value_or("")};
  }
  entry.detail = row.template Get<"detail">();
  entry.changes = row.template Get<"changes">();
  return listed;
}

}  // namespace shakehook
