// The rows of the audit log, of which the newest are kept: so many failed sign-ins, which strangers can make, and so
// many of all others, which they cannot push out.
//
// Threads: AuditRows the writer's; AuditList those of its connection.
#pragma once

#include <functional>
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
  Connection& connection_;
  Statement insert_, drop_;
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
