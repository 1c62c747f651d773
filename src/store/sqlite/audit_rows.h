// The rows of the audit log, of which a bounded number is kept: so many failed sign-ins, which strangers can make, and
// so many of each scope (store.h). Within those the oldest of whoever has most go first, so that nobody can make enough
// entries to push out those of others.
//
// Threads: AuditRows the writer's; AuditList those of its connection.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <utility>

#include "store/sqlite/listing.h"
#include "store/sqlite/sqlite.h"
#include "store/sqlite/write_session.h"
#include "store/store.h"

namespace shakehook::sqlite {

class AuditRows {
 public:
  explicit AuditRows(Connection& connection);

  void Add(const AuditEntry& entry);

  // The verb, with its entry where it succeeds.
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
  // What is counted together.
  struct Share {
    bool failed = false;
    Scope scope;
    auto operator<=>(const Share&) const = default;
  };
  void DropBeyondTheCap(const Share& share);
  void DropTheOld(Timestamp now);

  Connection& connection_;
  Statement insert_, count_, drop_, some_before_, drop_old_;
  std::map<Share, int> added_;  // since its entries were last counted; forgotten at a restart
  int added_of_all_ = 0;        // since old ones were last looked for
};

using AuditListing = Listing<AuditQuery, ListedAuditEntry>;

class AuditList {
 public:
  explicit AuditList(Connection& connection);

  // Adds to the page what a bounded number of further rows brings. kComplete: it is full, or there is nothing more.
  Progress Continue(AuditListing& listing);

 private:
  Statement all_, of_action_;
};

}  // namespace shakehook::sqlite
