#include "store/sqlite/tables/retries.h"

#include <algorithm>
#include <utility>

#include "store/sqlite/tables/listing.h"

namespace shakehook::sqlite {

Refusal WebhookIsMissing() { return {.kind = Refusal::Kind::kMissing, .detail = "the webhook does not exist"}; }

struct WaitingColumns : Columns<Column<"position", Position>, Column<"due", std::optional<Timestamp>>> {};

RetryReads::RetryReads(Connection& connection)
    : discards_(connection),
      any_(connection,
           "SELECT 1 FROM pending_delivery INDEXED BY pending_due WHERE webhook = ?1 AND due > ?2 AND due IS NOT NULL"
           " LIMIT 1"),
      newest_(connection, "SELECT max(position) FROM pending_delivery WHERE webhook = ?1"),
      page_(connection,
            "FROM pending_delivery WHERE webhook = ?1 AND position > ?2 AND position <= ?3"
            " ORDER BY position") {}

RetrySearch RetryReads::Continue(RetrySearch search) {
  search.positions.clear();
  if (!search.last) {
    // Where nothing waits, which is what a repetition finds, the rows are not gone through.
    search.complete = !any_.With(search.webhook, search.now).Step();
    if (search.complete) return search;
    search.last = newest_.First(search.webhook);
  }
  search.after = std::max(search.after, discards_.UntilOf(search.webhook));
  std::size_t looked_at = 0;
  auto row = page_.With(search.webhook, search.after, *search.last);
  while (row.Step()) {
    search.after = row.Get<"position">();
    const auto due = row.Get<"due">();
    if (due && *due > search.now) search.positions.push_back(search.after);
    if (search.positions.size() == kPageMax || ++looked_at == kScanRowsMax) return search;
  }
  search.complete = true;
  return search;
}

RetryRows::RetryRows(Connection& connection)
    : connection_(connection),
      make_due_(connection,
                "UPDATE pending_delivery SET due = ?3, retries_made = max(retries_made - 1, 0)"
                " WHERE webhook = ?1 AND position = ?2 AND due > ?3") {}

Stored<std::int64_t> RetryRows::MakeDue(const RetrySearch& search, WriteSession& session) {
  const SharedWebhook webhook = session.FindWebhook(search.webhook);
  if (!webhook) return std::unexpected(WebhookIsMissing());
  std::int64_t made_due = 0;
  for (const Position position : search.positions) {
    make_due_.Run(search.webhook, position, search.now);
    made_due += connection_.changes();
  }
  if (made_due > 0) session.commit.due.push_back({webhook, search.now});
  return made_due;
}

}  // namespace shakehook::sqlite
