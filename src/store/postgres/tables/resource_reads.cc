#include "store/postgres/tables/resource_reads.h"

#include <algorithm>
#include <string>
#include <utility>

#include "base/ascii.h"
#include "store/postgres/tables/tenant.h"

namespace shakehook::postgres {
namespace {

struct PlacedColumns
    : Columns<Column<"w.place", std::int64_t>, Column<"r.id", ResourceId>, Column<"r.version", std::int64_t>,
              Column<"r.last_timestamp", Timestamp>, Column<"r.data", std::optional<std::string>>> {};
struct ListedColumns
    : Columns<Column<"id", ResourceId>, Column<"version", std::int64_t>, Column<"last_timestamp", Timestamp>,
              Column<"data", std::string>, Column<"search", std::string_view>> {};

constexpr std::size_t kScanRowsMax = 10'000;

}  // namespace

Async<std::vector<std::optional<StoredResource>>> GetResources(std::int64_t venue, ResourceKind kind,
                                                               std::vector<ResourceId> ids, Connection& connection) {
  std::vector<std::optional<StoredResource>> resources(ids.size());
  const auto rows = co_await connection.Run(
      Select<PlacedColumns>("FROM unnest($4::text[]) WITH ORDINALITY AS w (id, place) CROSS JOIN LATERAL"
                            " (SELECT id, version, last_timestamp, data FROM resource WHERE tenant = $1"
                            " AND venue = $2 AND kind = $3 AND id = w.id) r")
          .With(kTenant, venue, kind, ids));
  for (const auto row : rows) {
    resources[static_cast<std::size_t>(row.Get<"place">() - 1)] =
        StoredResource{.id = row.Get<"id">(),
                       .version = row.Get<"version">(),
                       .last_timestamp = row.Get<"last_timestamp">(),
                       .data = row.Get<"data">().value_or("")};
  }
  co_return resources;
}

Async<std::vector<StoredResource>> ListResources(std::int64_t venue, ResourceQuery query, Connection& connection) {
  std::vector<StoredResource> page;
  const std::string email = LowerAscii(query.email);
  std::string rest = "FROM resource WHERE tenant = $1 AND venue = $2 AND kind = $3 AND id > $4 AND data IS NOT NULL";
  if (!email.empty()) rest += " AND email = $6";
  if (!query.account_id.empty()) rest += email.empty() ? " AND account_id = $6" : " AND account_id = $7";
  const Select<ListedColumns> select(rest + " ORDER BY id LIMIT $5");
  std::size_t rows_max = query.limit;
  while (page.size() < query.limit && !query.asker.gone.stop_requested()) {
    auto bound = select.With(kTenant, venue, query.kind, query.after, rows_max);
    if (!email.empty()) bound.statement.parameters.Bind(email);
    if (!query.account_id.empty()) bound.statement.parameters.Bind(query.account_id);
    const auto rows = co_await connection.Run(std::move(bound));
    for (const auto row : rows) {
      query.after = row.Get<"id">().text;
      if (page.size() < query.limit && query.search.Finds(row.Get<"search">())) {
        page.push_back({.id = row.Get<"id">(),
                        .version = row.Get<"version">(),
                        .last_timestamp = row.Get<"last_timestamp">(),
                        .data = row.Get<"data">()});
      }
    }
    if (rows.size() < rows_max) break;
    rows_max = std::min(2 * rows_max, kScanRowsMax);
  }
  co_return page;
}

}  // namespace shakehook::postgres
