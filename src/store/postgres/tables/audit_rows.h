// AuditRows are the rows of the audit log. Which of them are kept is store/audit_shares.h's.
//
// Threads: the store's.
#pragma once

#include "store/audit_shares.h"
#include "store/postgres/engine/connection.h"
#include "store/postgres/engine/transaction.h"
#include "store/store.h"

namespace shakehook::postgres {

class AuditRows {
 public:
  // Adds the entry to what the transaction writes, and now and then drops what is not kept any more.
  Async<> Add(AuditEntry entry, Transaction& transaction);

  // Returns the page; it is collected over several statements, each of which looks at a bounded number of rows.
  static Async<std::vector<ListedAuditEntry>> List(AuditQuery query, Connection& connection);

 private:
  Async<> DropBeyondTheCap(AuditShare share, Transaction& transaction);
  Async<> DropTheOld(Timestamp now, Transaction& transaction);

  AuditPace pace_;
};

}  // namespace shakehook::postgres
