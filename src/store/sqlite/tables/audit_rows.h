// AuditRows are the rows of the audit log. A bounded number is kept: of failed sign-ins, which strangers can make, and
// of each scope (store.h). Within a bound the oldest entries of the actor with the most entries are dropped first, so
// that nobody can make enough entries to push out those of others.
//
// Threads: AuditRows on the writer's; AuditList on its connection's.
#pragma once

#include <functional>
#include <optional>
#include <utility>

#include "store/audit_columns.h"
#include "store/audit_shares.h"
#include "store/sqlite/engine/select.h"
#include "store/sqlite/engine/sqlite.h"
#include "store/sqlite/engine/write_session.h"
#include "store/sqlite/tables/listing.h"
#include "store/store.h"

namespace shakehook::sqlite {

class AuditRows {
 public:
  explicit AuditRows(Connection& connection);

  void Add(const AuditEntry& entry);

  // Runs the verb, and writes its entry if the verb succeeds.
  template <class T>
  std::function<Stored<T>(WriteSession&)> With(std::optional<AuditEntry> entry,
                                               std::function<Stored<T>(WriteSession&)> verb) {
    return [this, entry = std::move(entry), verb = std::move(verb)](WriteSession& session) {
      Stored<T> result = verb(session);
      if (result && entry) Add(*entry);
      return result;
    };
  }

 private:
  void DropBeyondTheCap(const AuditShare& share);
  void DropTheOld(Timestamp now);

  Connection& connection_;
  Statement insert_;
  Select<ActorCountColumns> count_;
  Statement drop_;
  SelectOne<Timestamp> some_before_;
  Statement drop_old_;
  AuditPace pace_;
};

using AuditListing = Listing<AuditQuery, ListedAuditEntry>;

class AuditList {
 public:
  explicit AuditList(Connection& connection);

  // Adds to the page the results of a bounded number of further rows. kComplete: it is full, or there are no more rows.
  Progress Continue(AuditListing& listing);

 private:
  Select<AuditColumns> all_, of_action_;
};

}  // namespace shakehook::sqlite
