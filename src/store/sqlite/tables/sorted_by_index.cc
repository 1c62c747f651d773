// How SortedResources reads by the index for searches (search_index.h).
#include <algorithm>
#include <limits>
#include <map>
#include <utility>

#include "base/log.h"
#include "model/search_grams.h"
#include "store/sqlite/tables/sorted_resources.h"

namespace shakehook::sqlite {
namespace {

// Names that are looked at before the index is asked for the first time. If so many of them fit that the page would be
// full after kNamesSoon, the list goes on before.
constexpr std::size_t kNamesFirst = 500;
constexpr std::size_t kNamesSoon = 2'000;
// Beginnings of names are tried out that most of so many records have that are found.
constexpr std::size_t kNamesSampled = 64;
// Where parts have cost more than to read all that is found, and that is not more than so many records, these are read.
constexpr double kRowsToReadMax = 20'000;
// To read a list in parts costs about as much as to go so often over all that is found; where that is much, it is for
// searches that find more, but not more than so many times as many.
constexpr double kPasses = 2.5;
constexpr double kManyTimesMax = 6;
// The records that are found and whose names begin otherwise are read if they are this part of all that are found, or
// few.
constexpr double kRestPart = 0.5;
constexpr double kRestAlways = 1'000;
// Where as many of the sample have a beginning, the others may be few enough, whatever the sample says.
constexpr double kNearlyAll = 0.95;
constexpr double kMost = 0.5;

// The beginnings that are worth a try, the longest last.
std::vector<std::string> BeginningsToTry(const std::vector<std::string>& names, double rows, double rest_max) {
  std::map<std::string_view, std::size_t> counts;
  for (const std::string& name : names) {
    for (const std::string_view beginning : NameBeginningsOf(name).texts) ++counts[beginning];
  }
  std::vector<std::string> to_try;
  for (const auto& [beginning, count] : counts) {
    const double share = static_cast<double>(count) / static_cast<double>(names.size());
    // Two that most have begin each other.
    const bool is_worth_it = (1 - share) * rows <= rest_max || share >= kNearlyAll;
    if (share > kMost && is_worth_it) to_try.emplace_back(beginning);
  }
  std::ranges::sort(to_try, {}, &std::string::size);
  return to_try;
}

}  // namespace

std::optional<Progress> SortedResources::ContinueByIndex(SortedResourceListing& listing) {
  const SortedResourceQuery& query = listing.query;
  auto& found = listing.by_index;
  try {
    if (!found.scan) {
      found.venues = FindVenues(query);
      std::vector<std::int64_t> numbers;
      for (const auto& [number, place] : found.venues) numbers.push_back(number);
      const auto short_words = query.sort == ResourceSort::kName ? ShortWords::kFrequentToo : ShortWords::kRare;
      found.scan = candidates_.Begin(query.search, std::move(numbers), query.kind, short_words);
      if (!found.scan) return std::nullopt;
    }
    const bool begins = found.scan->found == 0;
    const auto keep = [&found](std::int64_t number) { found.to_read.push_back(number); };
    const Progress progress = candidates_.Continue(*found.scan, found.a_read, keep);
    if (progress == Progress::kGoesOn) {
      if (begins) found.turns.IndexFinds(found.scan->EstimatedRows());
      if (query.sort == ResourceSort::kName && ReadByBeginnings(listing)) {
        found.turns.SetIndexUseful(false);
        return Progress::kGoesOn;
      }
    }
    LookAt(listing, std::exchange(found.to_read, {}));
    return progress == Progress::kComplete ? TakeFound(listing) : Progress::kGoesOn;
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

void SortedResources::LookAt(SortedResourceListing& listing, std::vector<std::int64_t> numbers) {
  const SortedResourceQuery& query = listing.query;
  auto& found = listing.by_index;
  const std::size_t wanted = query.limit - found.page.size();
  std::ranges::sort(numbers);  // neighbours in the database one after the other
  for (const std::int64_t number : numbers) {
    auto row = ReadCandidate(query, found.venues, number);
    if (row && row->fits && row->key < *found.start && found.chosen.Wants(row->key, wanted)) {
      found.chosen.Add(*std::move(row), wanted);
    }
  }
}

std::optional<Progress> SortedResources::ContinueInNames(SortedResourceListing& listing) {
  SortedResourceQuery& query = listing.query;
  auto& names = listing.by_names;
  if (names.ended) return std::nullopt;
  const bool began = names.scan.has_value();
  try {
    if (!began) names.after = query.after;
    if (names.part_behind && names.reads_left > 0) return ContinueInParts(listing);
    if (!names.part_behind && (began || BeginNames(listing))) {
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

// As many names may be looked at as the index would look at records instead. Where that is of no use, all records would
// be looked at: so the walk goes on while it is likely to fill the page at less cost.
std::size_t SortedResources::NamesMax(const SortedResourceListing& listing) {
  const auto& scan = listing.by_index.scan;
  const auto& names = listing.by_names;
  if (scan) return std::max(names.names_max, static_cast<std::size_t>(scan->EstimatedRows()));
  if (listing.page.empty()) return names.names_max;
  const std::size_t needed = names.looked_at / listing.page.size() * listing.query.limit;
  const auto worth_it = static_cast<std::size_t>(names.scan->number / names.texts_for_a_name);
  return needed <= worth_it ? std::max(names.names_max, worth_it) : names.names_max;
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
  const CandidateScan& found = *listing.by_index.scan;
  const double rows = found.EstimatedRows();
  const double times = kPasses * static_cast<double>(found.Cost()) / std::max(1.0, names.many_rows);
  if (rows < names.many_rows * std::clamp(times, 1.0, kManyTimesMax)) return false;
  if (!BeginAnew(listing)) return false;
  names.scan->words = found.words;
  names.scan->ranges = found.ranges;
  names.scan->slices = found.slices;
  names.scan->slice_cost = found.slice_cost;
  names.rest_max = std::min(names.rest_max, static_cast<std::size_t>(std::max(kRestAlways, rows * kRestPart)));
  const std::vector<std::string> sample = SomeNames(listing);
  names.to_try = BeginningsToTry(sample, rows, static_cast<double>(names.rest_max));
  names.reads_left = rows <= kRowsToReadMax ? names.times_rows * (rows + 1) : std::numeric_limits<double>::infinity();
  names.part_behind = StartOf(listing.query);
  return true;
}

// Returns the names of some of the records that are found.
std::vector<std::string> SortedResources::SomeNames(const SortedResourceListing& listing) {
  const std::vector<std::int64_t>& numbers = listing.by_index.to_read;
  std::vector<std::string> some;
  const std::size_t step = 1 + numbers.size() / kNamesSampled;
  for (std::size_t i = 0; i < numbers.size(); i += step) {
    auto row = ReadCandidate(listing.query, listing.by_names.venues, numbers[i]);
    if (row) some.push_back(std::move(row->key.text));
  }
  return some;
}

bool SortedResources::BeginAnew(SortedResourceListing& listing) {
  auto& names = listing.by_names;
  listing.query.after = names.after;
  listing.page.clear();
  names = {.after = names.after,
           .a_read = names.a_read,
           .many_rows = names.many_rows,
           .times_rows = names.times_rows,
           .names_max = names.names_max,
           .texts_for_a_name = names.texts_for_a_name,
           .tried_beginnings = true,
           .rest_max = names.rest_max,
           .part_max = names.part_max,
           .walked_first = names.walked_first,
           .long_part_max = names.long_part_max,
           .longest_part_max = names.longest_part_max};
  return BeginNames(listing);
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
  const bool first = names.looked_at == 0 && !query.search.empty();
  const std::size_t most = first ? std::min(names.a_read, kNamesFirst) : names.a_read;
  NewestFirstMerge<Row> merged = MergedNames(listing, StartOf(query));
  for (std::size_t looked_at = 1;; ++looked_at) {
    const auto row = merged.Next();
    if (!row) return Progress::kComplete;
    ++names.looked_at;
    const bool goes_on = looked_at >= most;
    // The index may know more than this snapshot, or less.
    const auto now = ReadCandidate(query, names.venues, row->key.number);
    const bool fits = now && now->fits && now->key == row->key;
    if (!fits && !goes_on) continue;
    auto resource = ReadResource(query, *row);
    if (!resource) continue;
    if (goes_on) query.after = resource->place;
    if (fits) listing.page.push_back(*std::move(resource));
    if (listing.full()) return Progress::kComplete;
    if (!goes_on) continue;
    const bool is_soon = listing.page.size() * (kNamesSoon / kNamesFirst) >= query.limit;
    if (first && is_soon) listing.by_index.turns.ListIsNearItsEnd();
    return Progress::kGoesOn;
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
