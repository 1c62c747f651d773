// Discards knows for which webhooks all deliveries up to a position were canceled, until each of these has its row in
// ended_delivery (docs/decisions/0010). There are few such webhooks at a time, mostly none.
//
// Threads: the writer's; DiscardReads on any connection.
#pragma once

#include <map>
#include <optional>

#include "base/time.h"
#include "model/ids.h"
#include "store/sqlite/engine/select.h"
#include "store/sqlite/engine/sqlite.h"

namespace shakehook::sqlite {

struct Discard {
  Position until;
  Timestamp at;
};

class Discards {
 public:
  explicit Discards(Connection& connection);

  // Within the transaction.
  std::optional<Discard> Of(WebhookNumber webhook);
  // Returns a webhook that has one; nullopt if none has.
  std::optional<WebhookNumber> Any();
  void Put(WebhookNumber webhook, const Discard& discard);
  void Remove(WebhookNumber webhook);
  // Called after a rollback; the discards are read from the database again.
  void RolledBack() { all_.reset(); }

 private:
  std::map<WebhookNumber, Discard>& All();

  Select<struct DiscardColumns> list_;
  Statement put_, remove_;
  std::optional<std::map<WebhookNumber, Discard>> all_;
};

class DiscardReads {
 public:
  explicit DiscardReads(Connection& connection);

  std::optional<Discard> Of(WebhookNumber webhook);
  // Returns the position up to which all is canceled; the lowest one if nothing is.
  Position UntilOf(WebhookNumber webhook);
  std::map<WebhookNumber, Discard> All();

 private:
  Select<DiscardColumns> find_, list_;
};

}  // namespace shakehook::sqlite
