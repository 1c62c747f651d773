#include "store/sqlite/tables/resource_reads.h"

#include <utility>

#include "base/ascii.h"
#include "base/check.h"
#include "base/log.h"

namespace shakehook::sqlite {

struct ResourceColumns
    : Columns<Column<"id", ResourceId>, Column<"version", std::int64_t>, Column<"last_timestamp", Timestamp>,
              Column<"data", std::string>, Column<"search", std::string_view>> {};

struct ResourceCandidateColumns : Columns<Column<"venue", std::int64_t>, Column<"kind", ResourceKind>,
                                          Column<"id", ResourceId>, Column<"search", std::string_view>> {};

namespace {

// Few fit a search where a read brings less than this part of what is still wanted.
constexpr std::size_t kFewPart = 8;
// Records that are looked at by id before it is known how many fit: each is on another page.
constexpr std::size_t kFirstRowsById = 1'000;

StoredResource ReadRow(const Rows<ResourceColumns>& row) {
  return {.id = row.Get<"id">(),
          .version = row.Get<"version">(),
          .last_timestamp = row.Get<"last_timestamp">(),
          .data = row.Get<"data">()};
}

}  // namespace

ResourceReads::ResourceReads(Connection& connection, SearchCandidates& candidates)
    : candidates_(candidates),
      venue_number_(connection, "SELECT number FROM venue WHERE id = ?1 AND deleted = 0"),
      one_(connection, "FROM resource WHERE venue = ?1 AND kind = ?2 AND id = ?3"),
      page_(connection,
            "FROM resource WHERE venue = ?1 AND kind = ?2 AND id > ?3 AND data IS NOT NULL ORDER BY id LIMIT ?4"),
      // Left to itself, SQLite would walk through the whole venue, because that spares it the sorting.
      page_by_email_(connection,
                     "FROM resource INDEXED BY resource_email"
                     " WHERE venue = ?1 AND kind = ?2 AND id > ?3 AND email = ?5 ORDER BY id LIMIT ?4"),
      page_by_account_(connection,
                       "FROM resource INDEXED BY resource_account"
                       " WHERE venue = ?1 AND kind = ?2 AND id > ?3 AND account_id = ?5 ORDER BY id LIMIT ?4"),
      page_by_both_(connection,
                    "FROM resource INDEXED BY resource_email"
                    " WHERE venue = ?1 AND kind = ?2 AND id > ?3 AND email = ?5 AND account_id = ?6"
                    " ORDER BY id LIMIT ?4"),
      texts_(connection, kFromTextsByCreation),
      id_of_(connection, "SELECT id FROM resource WHERE number = ?1"),
      numbered_(connection, "FROM resource WHERE number = ?1 AND data IS NOT NULL"),
      candidate_(connection, "FROM resource WHERE number = ?1 AND data IS NOT NULL") {}

std::optional<std::int64_t> ResourceReads::VenueNumber(const VenueId& venue) { return venue_number_.First(venue); }

std::vector<std::optional<StoredResource>> ResourceReads::Get(const VenueId& venue, ResourceKind kind,
                                                              const std::vector<ResourceId>& ids) {
  std::vector<std::optional<StoredResource>> resources(ids.size());
  const auto number = VenueNumber(venue);
  if (!number) return resources;
  for (std::size_t i = 0; i < ids.size(); ++i) {
    auto row = one_.With(*number, kind, ids[i]);
    if (row.Step()) resources[i] = ReadRow(row);
  }
  return resources;
}

Progress ResourceReads::Continue(ResourceListing& listing) {
  ResourceQuery& query = listing.query;
  const auto number = VenueNumber(query.venue_id);
  if (!number || listing.full()) return Progress::kComplete;
  const std::string email = LowerAscii(query.email);
  if (!email.empty() && !query.account_id.empty()) {
    return Collect(page_by_both_.With(*number, query.kind, query.after, kScanRowsMax, email, query.account_id),
                   kScanRowsMax, listing);
  }
  if (!email.empty()) {
    return Collect(page_by_email_.With(*number, query.kind, query.after, kScanRowsMax, email), kScanRowsMax, listing);
  }
  if (!query.account_id.empty()) {
    return Collect(page_by_account_.With(*number, query.kind, query.after, kScanRowsMax, query.account_id),
                   kScanRowsMax, listing);
  }
  if (!query.search.empty()) {
    if (!listing.by_index.after) listing.by_index.after = query.after;
    if (listing.by_index.turns.IndexHasTurn()) {
      if (const auto progress = ContinueByIndex(*number, listing)) return *progress;
      listing.by_index.turns.IndexIsUseless();
    }
  }
  return listing.by_text ? ContinueByText(*number, listing) : ContinueById(*number, listing);
}

Progress ResourceReads::ContinueById(std::int64_t venue, ResourceListing& listing) {
  const ResourceQuery& query = listing.query;
  const std::size_t wanted = query.limit - listing.page.size();
  const bool first = query.after == listing.by_index.after;
  const std::size_t rows = first ? kFirstRowsById : kScanRowsMax;
  const Progress progress = Collect(page_.With(venue, query.kind, query.after, rows), rows, listing);
  const std::size_t found = wanted - (query.limit - listing.page.size());
  listing.by_text = progress == Progress::kGoesOn && found * kFewPart < wanted;
  return progress;
}

std::optional<Progress> ResourceReads::ContinueByIndex(std::int64_t venue, ResourceListing& listing) {
  auto& found = listing.by_index;
  try {
    if (!found.scan) found.scan = candidates_.Begin(listing.query.search, {venue}, listing.query.kind);
    if (!found.scan) return std::nullopt;
    const auto look = [this, venue, &listing](std::int64_t number) { LookAt(venue, listing, number); };
    const bool begins = found.scan->found == 0;
    const Progress progress = candidates_.Continue(*found.scan, SearchCandidates::kCandidatesARead, look);
    if (progress == Progress::kComplete) return TakeFound(listing);
    if (begins) found.turns.IndexFinds(found.scan->EstimatedRows());
    return Progress::kGoesOn;
  } catch (const SqliteError& error) {
    LogWarning("a search runs without its index", {{"reason", error.what()}});
    return std::nullopt;
  }
}

Progress ResourceReads::TakeFound(ResourceListing& listing) {
  auto& found = listing.by_index;
  const std::size_t wanted = listing.query.limit - found.page.size();
  const auto chosen = found.chosen.TakeInOrder();
  for (const ResourceListing::Found& each : chosen) {
    auto row = numbered_.With(each.number);
    if (row.Step()) found.page.push_back(ReadRow(row));
  }
  if (chosen.size() < wanted || found.page.size() >= listing.query.limit) {
    listing.page = std::move(found.page);
    return Progress::kComplete;
  }
  found.after = chosen.back().id.text;  // deleted rows leave room for those behind
  found.scan.reset();
  return Progress::kGoesOn;
}

void ResourceReads::LookAt(std::int64_t venue, ResourceListing& listing, std::int64_t number) {
  const ResourceQuery& query = listing.query;
  auto& found = listing.by_index;
  auto row = candidate_.With(number);
  if (!row.Step() || row.Get<"venue">() != venue || row.Get<"kind">() != query.kind) return;
  ResourceId id = row.Get<"id">();
  const std::size_t wanted = query.limit - found.page.size();
  if (id.text <= *found.after || !found.chosen.Wants(id, wanted) || !query.search.Finds(row.Get<"search">())) return;
  found.chosen.Add({std::move(id), number}, wanted);
}

// The matches are chosen by id, and read once everything is looked at; they may have been deleted by then.
Progress ResourceReads::ContinueByText(std::int64_t venue, ResourceListing& listing) {
  const std::size_t wanted = listing.query.limit - listing.page.size();
  std::size_t looked_at = 0;
  for (auto row = texts_.With(venue, listing.query.kind, listing.created_at, listing.number, kScanRowsMax); row.Step();
       ++looked_at) {
    listing.created_at = row.Get<"created_at">();
    listing.number = row.Get<"number">();
    if (!listing.query.search.Finds(row.Get<"search">())) continue;
    ResourceId id = id_of_.First(listing.number).value();  // the index is of the same snapshot
    if (id.text > listing.query.after && listing.found.Wants(id, wanted)) {
      listing.found.Add({std::move(id), listing.number}, wanted);
    }
  }
  if (looked_at == kScanRowsMax) return Progress::kGoesOn;
  const auto found = listing.found.TakeInOrder();
  for (const ResourceListing::Found& each : found) {
    // A resource that was deleted and made again meanwhile came by twice.
    if (!listing.page.empty() && listing.page.back().id == each.id) continue;
    auto row = numbered_.With(each.number);
    if (row.Step()) listing.page.push_back(ReadRow(row));
  }
  if (found.size() < wanted || listing.full()) return Progress::kComplete;
  listing.query.after = found.back().id.text;  // later matches take the place of deleted ones
  listing.created_at = std::numeric_limits<std::int64_t>::min();
  listing.number = 0;
  return Progress::kGoesOn;
}

Progress ResourceReads::Collect(Rows<ResourceColumns> row, std::size_t rows_max, ResourceListing& listing) {
  for (std::size_t looked_at = 0; row.Step(); ++looked_at) {
    if (listing.query.search.Finds(row.Get<"search">())) listing.page.push_back(ReadRow(row));
    if (listing.full()) return Progress::kComplete;
    if (looked_at + 1 == rows_max) {
      listing.query.after = row.Get<"id">().text;
      return Progress::kGoesOn;
    }
  }
  return Progress::kComplete;
}

}  // namespace shakehook::sqlite
