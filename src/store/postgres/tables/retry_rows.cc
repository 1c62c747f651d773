#include "store/postgres/tables/retry_rows.h"

#include <string>

#include "store/postgres/tables/discard_rows.h"
#include "store/postgres/tables/tenant.h"

namespace shakehook::postgres {
namespace {

// The most that one page contains, and the most rows that it looks at.
constexpr std::size_t kPageMax = 1'000;
constexpr std::size_t kScanRowsMax = 10'000;

struct WaitingColumns : Columns<Column<"position", Position>, Column<"due", Timestamp>> {};
// `last` is absent where nothing waits, which is what a repetition finds.
struct LastColumns : Columns<Column<"max(position) AS last", std::optional<Position>>> {};

}  // namespace

Async<RetrySearch> FindRetries(RetrySearch search, Connection& connection) {
  search.positions.clear();
  if (!search.last) {
    const auto last = co_await connection.Run(
        Select<LastColumns>("FROM (SELECT position FROM pending_delivery WHERE tenant = $1 AND webhook = $2"
                            " AND due IS NOT NULL AND EXISTS (SELECT 1 FROM pending_delivery WHERE tenant = $1"
                            " AND webhook = $2 AND due IS NOT NULL AND due > $3) ORDER BY position DESC LIMIT 1) p")
            .With(kTenant, search.webhook, search.now));
    search.last = last[0].Get<"last">();
    search.complete = !search.last;
    if (search.complete) co_return search;
  }
  const auto rows = co_await connection.Run(
      Select<WaitingColumns>("FROM pending_delivery WHERE tenant = $1 AND webhook = $2 AND due IS NOT NULL"
                             " AND position > greatest($3, " +
                             std::string(kDiscardedUntil) + ") AND position <= $4 ORDER BY position LIMIT $5")
          .With(kTenant, search.webhook, search.after, *search.last, kScanRowsMax));
  for (const auto row : rows) {
    search.after = row.Get<"position">();
    if (row.Get<"due">() > search.now) search.positions.push_back(search.after);
    if (search.positions.size() == kPageMax) co_return search;
  }
  search.complete = rows.size() < kScanRowsMax;
  co_return search;
}

Async<std::int64_t> MakeRetriesDue(RetrySearch search, Transaction& transaction) {
  return transaction.connection().Run(
      Statement("UPDATE pending_delivery d SET due = $3, retries_made = greatest(d.retries_made - 1, 0)"
                " FROM (SELECT p.ctid AS place FROM unnest($4::int8[]) AS w (position) CROSS JOIN LATERAL"
                " (SELECT ctid FROM pending_delivery WHERE tenant = $1 AND webhook = $2 AND position = w.position"
                " FOR UPDATE) p) u WHERE d.ctid = u.place AND d.due > $3")
          .With(kTenant, search.webhook, search.now, search.positions));
}

}  // namespace shakehook::postgres
