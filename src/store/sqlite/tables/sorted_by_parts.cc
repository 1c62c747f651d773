// How SortedResources reads a list by name part by part: all names with one beginning are a part. The index for
// searches (search_index.h) is asked for those of a part that the search finds, which are then put in order; so a page
// costs the parts that it takes, however many records the search finds in all. Where too many may be found in a part to
// put them in order, it is parted by longer beginnings, and in the end its names are walked along.
#include <algorithm>
#include <limits>
#include <utility>

#include "model/search_grams.h"
#include "store/sqlite/tables/sorted_resources.h"

namespace shakehook::sqlite {
namespace {

// A part costs about as much as so many records that are read, beside those that it has.
constexpr std::size_t kRecordsForAPart = 100;
constexpr std::size_t kBeginningsMax = 2;  // NameBeginningsOf
constexpr char kBehindAllLetters = '\xff';

}  // namespace

struct SortedResources::NamePart {
  enum class Kind {
    kAsked,   // all names with this beginning, by the index
    kWalked,  // the same, one by one
    kName,    // one name that is too short for a beginning, or for a longer one
  };
  Kind kind;
  std::string beginning;
  bool is_longest = false;  // there is no longer beginning

  bool Has(std::string_view name) const {
    return kind == Kind::kName ? name == beginning : name.starts_with(beginning);
  }
  // Returns the place behind all of its names.
  Key End(bool ascending) const {
    using Limits = std::numeric_limits<std::int64_t>;
    if (!ascending) return {.text = beginning, .number = Limits::min()};
    return {.text = kind == Kind::kName ? beginning : beginning + kBehindAllLetters,
            .number = Limits::max(),
            .ascending = true};
  }
};

Progress SortedResources::ContinueInParts(SortedResourceListing& listing) {
  for (std::size_t looked_at = 0; looked_at < listing.by_names.a_read; looked_at += kRecordsForAPart) {
    const auto next = NextName(listing);
    if (!next) return Progress::kComplete;
    const NamePart part = PartOf(listing, *next);
    if (part.kind == NamePart::Kind::kAsked) {
      looked_at += AskForPart(listing, part);
    } else if (WalkPart(listing, part) == Progress::kGoesOn) {
      if (!listing.full()) GiveUpWalk(listing, part);
      return Progress::kGoesOn;
    }
    if (listing.full()) return Progress::kComplete;
  }
  return Progress::kGoesOn;
}

// Returns the first name behind the parts that are done.
std::optional<std::string> SortedResources::NextName(const SortedResourceListing& listing) {
  const auto& names = listing.by_names;
  std::optional<Key> next;
  const auto take = [&next](const Row& row) {
    if (!next || row.key > *next) next = row.key;
  };
  for (const auto& venue : names.venues) std::ranges::for_each(ReadNames(listing, venue, *names.part_behind, 1), take);
  const auto unknown =
      std::ranges::find_if(names.unknown, [&names](const Row& row) { return row.key < *names.part_behind; });
  if (unknown != names.unknown.end()) take(*unknown);
  return next ? std::optional(next->text) : std::nullopt;
}

SortedResources::NamePart SortedResources::PartOf(const SortedResourceListing& listing, const std::string& name) {
  const auto beginnings = NameBeginningsOf(name);
  const bool has_all = beginnings.size() == kBeginningsMax;
  const auto& names = listing.by_names;
  for (const std::string_view beginning : beginnings) {
    // The names with a shorter one are those of the few that begin otherwise.
    if (beginning.size() < names.beginning.size() && names.beginning.starts_with(beginning)) continue;
    std::string text(beginning);
    if (names.crowded.contains(text)) continue;
    return {NamePart::Kind::kAsked, std::move(text), has_all && beginning == beginnings.back()};
  }
  return has_all ? NamePart{NamePart::Kind::kWalked, std::string(beginnings.back())}
                 : NamePart{NamePart::Kind::kName, name};
}

std::size_t SortedResources::AskForPart(SortedResourceListing& listing, const NamePart& part) {
  auto& names = listing.by_names;
  const SortedResourceQuery& query = listing.query;
  std::vector<std::int64_t> numbers;
  if (part.beginning.starts_with(names.beginning)) {
    CandidateScan scan = SearchCandidates::Narrow(*names.scan, SearchCandidates::Named::kSo, part.beginning);
    const auto keep = [&numbers](std::int64_t number) { numbers.push_back(number); };
    const std::size_t most = part.is_longest ? names.long_part_max : names.part_max;
    if (candidates_.Continue(scan, most, keep) == Progress::kGoesOn) {
      names.crowded.insert(part.beginning);
      return 0;
    }
  }
  std::vector<Row> rows;
  const auto take = [&](Row row) {
    if (row.fits && row.key < *names.part_behind && part.Has(row.key.text)) rows.push_back(std::move(row));
  };
  for (const std::int64_t number : numbers) {
    if (auto row = ReadCandidate(query, names.venues, number)) take(*std::move(row));
  }
  std::ranges::for_each(names.unknown, take);
  std::ranges::sort(rows, std::greater<>(), &Row::key);
  for (const Row& row : rows) {
    if (auto resource = ReadResource(query, row)) listing.page.push_back(*std::move(resource));
    if (listing.full()) return numbers.size();
  }
  names.part_behind = part.End(query.direction == SortDirection::kAscending);
  return numbers.size();
}

// The walk may have many names to pass: once, the index is asked for more at a time instead.
void SortedResources::GiveUpWalk(SortedResourceListing& listing, const NamePart& part) {
  auto& names = listing.by_names;
  if (std::exchange(names.long_part_max, names.longest_part_max) < names.longest_part_max) {
    names.crowded.erase(part.beginning);
  }
}

Progress SortedResources::WalkPart(SortedResourceListing& listing, const NamePart& part) {
  auto& names = listing.by_names;
  const SortedResourceQuery& query = listing.query;
  NewestFirstMerge<Row> merged = MergedNames(listing, *names.part_behind);
  for (std::size_t looked_at = 0; looked_at < names.a_read && !listing.full(); ++looked_at) {
    const auto row = merged.Next();
    if (!row || !part.Has(row->key.text)) {
      names.part_behind = part.End(query.direction == SortDirection::kAscending);
      return Progress::kComplete;
    }
    names.part_behind = row->key;
    // The index may know more than this snapshot, or less.
    const auto now = ReadCandidate(query, names.venues, row->key.number);
    if (!now || !now->fits || now->key != row->key) continue;
    if (auto resource = ReadResource(query, *row)) listing.page.push_back(*std::move(resource));
  }
  return Progress::kGoesOn;
}

}  // namespace shakehook::sqlite
