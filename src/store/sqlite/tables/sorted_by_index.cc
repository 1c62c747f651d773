// How SortedResources reads by the index for searches (search_index.h).
#include <algorithm>
#include <utility>

#include "base/log.h"
#include "store/sqlite/engine/newest_first_merge.h"
#include "store/sqlite/tables/sorted_resources.h"

namespace shakehook::sqlite {
namespace {

// Names that a read looks at, each with its record, and those until it is clear that few fit.
constexpr std::size_t kNamesARead = 2'000;
constexpr std::size_t kNamesMax = 20'000;

}  // namespace

std::optional<Progress> SortedResources::ContinueByIndex(SortedResourceListing& listing) {
  const SortedResourceQuery& query = listing.query;
  auto& found = listing.by_index;
  try {
    if (!found.scan) {
      found.venues = FindVenues(query);
      std::vector<std::int64_t> numbers;
      for (const auto& [number, place] : found.venues) numbers.push_back(number);
      found.scan = candidates_.Begin(query.search, std::move(numbers), query.kind);
      if (!found.scan) return std::nullopt;
    }
    const auto look = [this, &listing](std::int64_t number) { LookAt(listing, number); };
    if (candidates_.Continue(*found.scan, look) == Progress::kGoesOn) return Progress::kGoesOn;
    return TakeFound(listing);
  } catch (const SqliteError& error) {
    LogWarning("a search does without its index", {{"reason", error.what()}});
    return std::nullopt;
  }
}

Progress SortedResources::TakeFound(SortedResourceListing& listing) {
  auto& found = listing.by_index;
  const std::size_t wanted = listing.query.limit - found.page.size();
  const std::vector<Row> chosen = found.chosen.TakeInOrder();
  for (const Row& row : chosen) {
    if (!found.numbers.insert(row.key.number).second) continue;
    if (auto resource = ReadResource(listing.query, row)) found.page.push_back(*std::move(resource));
  }
  if (chosen.size() < wanted || found.page.size() >= listing.query.limit) {
    listing.page = std::move(found.page);
    return Progress::kComplete;
  }
  found.start = chosen.back().key;  // deleted rows leave room for those behind
  found.scan.reset();
  return Progress::kGoesOn;
}

void SortedResources::LookAt(SortedResourceListing& listing, std::int64_t number) {
  const SortedResourceQuery& query = listing.query;
  auto& found = listing.by_index;
  auto row = ReadCandidate(query, found.venues, number);
  const std::size_t wanted = query.limit - found.page.size();
  if (row && row->fits && row->key < *found.start && found.chosen.Wants(row->key, wanted)) {
    found.chosen.Add(*std::move(row), wanted);
  }
}

std::optional<Progress> SortedResources::ContinueInNames(SortedResourceListing& listing) {
  SortedResourceQuery& query = listing.query;
  auto& names = listing.by_names;
  if (names.ended) return std::nullopt;
  const bool began = names.scan.has_value();
  try {
    if (!began) {
      names.after = query.after;
      names.venues = FindVenues(query);
      std::vector<std::int64_t> numbers;
      for (const auto& [number, place] : names.venues) numbers.push_back(number);
      names.scan = candidates_.BeginNames(std::move(numbers), query.kind);
      if (names.scan) {
        for (const std::int64_t number : names.scan->unknown) {
          if (auto row = ReadCandidate(query, names.venues, number)) names.unknown.push_back(*std::move(row));
        }
        std::ranges::sort(names.unknown, std::greater<>(), &Row::key);
      }
    }
    if (names.scan) {
      const Progress progress = MergeNames(listing);
      if (progress == Progress::kComplete || names.looked_at < kNamesMax) return progress;
    }
  } catch (const SqliteError& error) {
    LogWarning("a list by name does without its index", {{"reason", error.what()}});
  }
  names = {.ended = true, .after = std::move(names.after)};
  listing.page.clear();
  query.after = names.after;
  return began ? std::optional(Progress::kGoesOn) : std::nullopt;
}

Progress SortedResources::MergeNames(SortedResourceListing& listing) {
  SortedResourceQuery& query = listing.query;
  auto& names = listing.by_names;
  NewestFirstMerge<Row> merged(StartOf(query));
  merged.Add([&names](const Key& before, std::size_t limit) {
    const auto behind = [&before](const Row& row) { return row.key < before; };
    const auto first = std::ranges::find_if(names.unknown, behind);
    const auto left = static_cast<std::size_t>(names.unknown.end() - first);
    return std::vector<Row>(first, first + static_cast<std::ptrdiff_t>(std::min(left, limit)));
  });
  for (const auto& venue : names.venues) {
    merged.Add([this, &listing, venue](const Key& before, std::size_t limit) {
      return ReadNames(listing, venue, before, limit);
    });
  }
  for (std::size_t looked_at = 1;; ++looked_at) {
    const auto row = merged.Next();
    if (!row) return Progress::kComplete;
    ++names.looked_at;
    const bool goes_on = looked_at >= kNamesARead;
    // The index may know more than this snapshot, or less.
    const auto now = ReadCandidate(query, names.venues, row->key.number);
    const bool fits = now && now->fits && now->key == row->key;
    if (!fits && !goes_on) continue;
    auto resource = ReadResource(query, *row);
    if (!resource) continue;
    if (goes_on) query.after = resource->place;
    if (fits) listing.page.push_back(*std::move(resource));
    if (listing.full()) return Progress::kComplete;
    if (goes_on) return Progress::kGoesOn;
  }
}

std::vector<SortedResources::Row> SortedResources::ReadNames(const SortedResourceListing& listing,
                                                             std::pair<std::int64_t, std::size_t> venue,
                                                             const Key& before, std::size_t limit) {
  std::vector<Row> rows;
  const auto look = [&](std::string_view name, std::int64_t number) {
    rows.push_back(
        {.key = {.text = std::string(name), .number = number, .ascending = before.ascending}, .venue = venue.second});
  };
  candidates_.ReadNames(*listing.by_names.scan,
                        {.venue = venue.first,
                         .kind = listing.query.kind,
                         .name = before.text,
                         .number = before.number,
                         .ascending = before.ascending},
                        limit, look);
  return rows;
}

SortedResources::Venues SortedResources::FindVenues(const SortedResourceQuery& query) {
  Venues venues;
  for (std::size_t place = 0; place < query.venues.size(); ++place) {
    if (const auto number = VenueNumber(query.venues[place])) venues.emplace_back(*number, place);
  }
  std::ranges::sort(venues);
  return venues;
}

std::optional<SortedResources::Row> SortedResources::ReadCandidate(const SortedResourceQuery& query,
                                                                   const Venues& venues, std::int64_t number) {
  auto row = candidate_.With(number);
  if (!row.Step() || row.As<ResourceKind>(1) != query.kind) return std::nullopt;
  const std::pair<std::int64_t, std::size_t> first_of_venue(row.Integer(0), 0);
  const auto venue = std::ranges::lower_bound(venues, first_of_venue);
  if (venue == venues.end() || venue->first != row.Integer(0)) return std::nullopt;
  Key key{.number = number, .ascending = query.direction == SortDirection::kAscending};
  switch (query.sort) {
    case ResourceSort::kName:
      key.text = row.Text(5);
      break;
    case ResourceSort::kCreatedAt:
      key.time = row.Integer(2);
      break;
    case ResourceSort::kUpdatedAt:
      key.time = row.Integer(3);
      break;
    case ResourceSort::kEmail:
      // Accounts have none, and are in no list by it.
      if (row.IsNull(4) && query.kind == ResourceKind::kAccount) return std::nullopt;
      key.last = row.IsNull(4);
      key.text = row.Text(4);
      break;
  }
  const bool fits = query.search.empty() || query.search.Finds(row.Text(6));
  return Row{.key = std::move(key), .venue = venue->second, .fits = fits};
}

}  // namespace shakehook::sqlite
