// How SortedResources reads by the index for searches (search_index.h).
#include <algorithm>
#include <utility>

#include "base/log.h"
#include "model/search_grams.h"
#include "store/sqlite/tables/sorted_resources.h"

namespace shakehook::sqlite {
namespace {

// Names that are looked at until it is clear that few fit, or that they are all elsewhere.
constexpr std::size_t kNamesMax = 20'000;
// Each try costs a look at all that are found.
constexpr std::size_t kBeginningsTried = 3;

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
    const bool begins = found.scan->found == 0;
    if (candidates_.Continue(*found.scan, found.a_read, look) == Progress::kComplete) return TakeFound(listing);
    if (begins) found.turns.IndexFinds(found.scan->EstimatedRows());
    if (query.sort == ResourceSort::kName && ReadByBeginnings(listing)) found.turns.SetIndexUseful(false);
    return Progress::kGoesOn;
  } catch (const SqliteError& error) {
    LogWarning("a search runs without its index", {{"reason", error.what()}});
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
    if (!began) names.after = query.after;
    if (names.part_behind) return ContinueInParts(listing);
    if (began || BeginNames(listing)) {
      const Progress progress = MergeNames(listing);
      if (progress == Progress::kComplete || names.looked_at < NamesMax(listing)) return progress;
    }
  } catch (const SqliteError& error) {
    LogWarning("a list by name runs without its index", {{"reason", error.what()}});
  }
  if (names.part_behind) listing.by_index.turns.SetIndexUseful(true);
  names = {.ended = true, .after = std::move(names.after)};
  listing.page.clear();
  query.after = names.after;
  return began ? std::optional(Progress::kGoesOn) : std::nullopt;
}

// As many names may be looked at as the index would look at records instead.
std::size_t SortedResources::NamesMax(const SortedResourceListing& listing) {
  const auto& scan = listing.by_index.scan;
  return scan ? std::max(kNamesMax, static_cast<std::size_t>(scan->EstimatedRows())) : kNamesMax;
}

bool SortedResources::BeginNames(SortedResourceListing& listing) {
  const SortedResourceQuery& query = listing.query;
  auto& names = listing.by_names;
  names.venues = FindVenues(query);
  std::vector<std::int64_t> numbers;
  for (const auto& [number, place] : names.venues) numbers.push_back(number);
  names.scan = candidates_.BeginNames(std::move(numbers), query.kind);
  if (!names.scan) return false;
  for (const std::int64_t number : names.scan->unknown) {
    if (auto row = ReadCandidate(query, names.venues, number)) names.unknown.push_back(*std::move(row));
  }
  std::ranges::sort(names.unknown, std::greater<>(), &Row::key);
  return true;
}

bool SortedResources::ReadByBeginnings(SortedResourceListing& listing) {
  auto& names = listing.by_names;
  if (names.ended || !names.scan || names.tried_beginnings) return false;
  if (listing.by_index.scan->EstimatedRows() < names.many_rows) return false;
  if (!BeginAnew(listing)) return false;
  names.scan->words = listing.by_index.scan->words;
  names.scan->ranges = listing.by_index.scan->ranges;
  std::size_t tries = 0;
  for (const SearchQuery::Term& term : listing.query.search.terms()) {
    const auto beginnings = NameBeginningsOf(term.front());
    if (beginnings.empty()) continue;
    if (++tries > kBeginningsTried) break;
    if (TryBeginning(listing, beginnings.back())) break;
  }
  names.part_behind = StartOf(listing.query);
  return true;
}

bool SortedResources::BeginAnew(SortedResourceListing& listing) {
  auto& names = listing.by_names;
  listing.query.after = names.after;
  listing.page.clear();
  names = {.after = names.after,
           .a_read = names.a_read,
           .tried_beginnings = true,
           .many_rows = names.many_rows,
           .rest_max = names.rest_max,
           .part_max = names.part_max,
           .long_part_max = names.long_part_max,
           .longest_part_max = names.longest_part_max};
  return BeginNames(listing);
}

bool SortedResources::TryBeginning(SortedResourceListing& listing, std::string_view beginning) {
  SortedResourceQuery& query = listing.query;
  auto& names = listing.by_names;
  CandidateScan scan = SearchCandidates::Narrow(*names.scan, SearchCandidates::Named::kOtherwise, beginning);
  std::vector<std::int64_t> rest;
  const auto keep = [&rest](std::int64_t number) { rest.push_back(number); };
  if (candidates_.Continue(scan, names.rest_max + 1, keep) == Progress::kGoesOn) return false;
  names.beginning = beginning;
  for (const std::int64_t number : rest) {
    auto row = ReadCandidate(query, names.venues, number);
    if (row && row->fits) names.unknown.push_back(*std::move(row));
  }
  std::ranges::sort(names.unknown, std::greater<>(), &Row::key);
  return true;
}

NewestFirstMerge<SortedResources::Row> SortedResources::MergedNames(const SortedResourceListing& listing,
                                                                    const Key& start) {
  const auto& names = listing.by_names;
  NewestFirstMerge<Row> merged(start);
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
  return merged;
}

Progress SortedResources::MergeNames(SortedResourceListing& listing) {
  SortedResourceQuery& query = listing.query;
  auto& names = listing.by_names;
  NewestFirstMerge<Row> merged = MergedNames(listing, StartOf(query));
  for (std::size_t looked_at = 1;; ++looked_at) {
    const auto row = merged.Next();
    if (!row) return Progress::kComplete;
    ++names.looked_at;
    const bool goes_on = looked_at >= names.a_read;
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
                         .ascending = before.ascending,
                         .beginning = listing.by_names.beginning},
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
  if (!row.Step() || row.Get<"kind">() != query.kind) return std::nullopt;
  const std::pair<std::int64_t, std::size_t> first_of_venue(row.Get<"venue">(), 0);
  const auto venue = std::ranges::lower_bound(venues, first_of_venue);
  if (venue == venues.end() || venue->first != row.Get<"venue">()) return std::nullopt;
  Key key{.number = number, .ascending = query.direction == SortDirection::kAscending};
  const auto email = row.Get<"email">();
  switch (query.sort) {
    case ResourceSort::kName:
      key.text = row.Get<"sort_name">();
      break;
    case ResourceSort::kCreatedAt:
      key.time = row.Get<"created_at">();
      break;
    case ResourceSort::kUpdatedAt:
      key.time = row.Get<"last_timestamp">();
      break;
    case ResourceSort::kEmail:
      // Accounts have none, and are in no list by it.
      if (!email && query.kind == ResourceKind::kAccount) return std::nullopt;
      key.last = !email;
      key.text = email.value_or("");
      break;
  }
  const bool fits = query.search.empty() || query.search.Finds(row.Get<"search">());
  return Row{.key = std::move(key), .venue = venue->second, .fits = fits};
}

}  // namespace shakehook::sqlite
