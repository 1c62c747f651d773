// How SortedResources reads a list by name part by part: all names with one beginning are a part. The index for
// searches (search_index.h) is asked for those of a part that the search finds, which are then put in order; so a page
// costs the parts that it takes, however many records the search finds in all. Where too many may be found in a part to
// put them in order, some of its names are walked along, it is parted by longer beginnings, and in the end all its
// names are walked along.
//
// To ask for a part takes several reads where the index walks past many records for it, one slice (search_candidates.h)
// after the other.
#include <algorithm>
#include <limits>
#include <span>
#include <utility>

#include "model/search_grams.h"
#include "store/sqlite/tables/sorted_resources.h"

namespace shakehook::sqlite {
namespace {

// A part costs about as much as so many records that are read, beside those that it has.
constexpr std::size_t kRecordsForAPart = 100;
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
  std::size_t looked_at = 0;
  const Progress progress = ContinueInParts(listing, looked_at);
  listing.by_names.reads_left -= static_cast<double>(looked_at);
  return progress;
}

Progress SortedResources::ContinueInParts(SortedResourceListing& listing, std::size_t& looked_at) {
  auto& names = listing.by_names;
  while (looked_at < names.a_read && !names.to_try.empty()) looked_at += TryBeginning(listing);
  while (looked_at < names.a_read && !names.rest.empty()) looked_at += ReadRest(listing, names.a_read - looked_at);
  for (; looked_at < names.a_read; looked_at += kRecordsForAPart) {
    const auto next = NextName(listing);
    if (!next) return Progress::kComplete;
    const NamePart part = PartOf(listing, *next);
    if (part.kind == NamePart::Kind::kAsked) {
      looked_at += AskForPart(listing, part);
    } else if (WalkPart(listing, part, names.a_read) == Progress::kGoesOn) {
      looked_at = names.a_read;
      if (!listing.full()) GiveUpWalk(listing, part);
      return Progress::kGoesOn;
    }
    if (listing.full()) return Progress::kComplete;
  }
  return Progress::kGoesOn;
}

Progress SortedResources::Ask(AskedBeginning& asked, std::size_t most) {
  const auto keep = [&asked](std::int64_t number) { asked.numbers.push_back(number); };
  return candidates_.Continue(asked.scan, most - asked.numbers.size(), keep);
}

std::size_t SortedResources::TryBeginning(SortedResourceListing& listing) {
  auto& names = listing.by_names;
  const std::string& beginning = names.to_try.back();
  if (!names.asked) {
    names.asked =
        AskedBeginning{.beginning = beginning,
                       .scan = SearchCandidates::Narrow(*names.scan, SearchCandidates::Named::kOtherwise, beginning)};
  }
  const std::size_t cost = names.asked->scan.slice_cost + 1;
  const Progress progress = Ask(*names.asked, names.rest_max + 1);
  if (names.asked->numbers.size() > names.rest_max) {
    names.asked.reset();
    names.to_try.pop_back();
  } else if (progress == Progress::kComplete) {
    names.beginning = beginning;
    names.rest = std::move(names.asked->numbers);
    std::ranges::sort(names.rest);  // neighbours in the database one after the other
    names.asked.reset();
    names.to_try.clear();
  }
  return cost;
}

std::size_t SortedResources::ReadRest(SortedResourceListing& listing, std::size_t most) {
  auto& names = listing.by_names;
  std::size_t looked_at = 0;
  for (; looked_at < most && !names.rest.empty(); ++looked_at) {
    auto row = ReadCandidate(listing.query, names.venues, names.rest.back());
    if (row && row->fits) names.unknown.push_back(*std::move(row));
    names.rest.pop_back();
  }
  if (names.rest.empty()) std::ranges::sort(names.unknown, std::greater<>(), &Row::key);
  return looked_at;
}

// Returns the first name behind the parts that are done.
std::optional<std::string> SortedResources::NextName(const SortedResourceListing& listing) {
  const auto& names = listing.by_names;
  std::optional<Key> next;
  const auto take = [&next](const Row& row) {
    if (!next || row.key > *next) next = row.key;
  };
  for (const auto& venue : names.venues) std::ranges::for_each(ReadNames(listing, venue, *names.part_behind, 1), take);
  const auto unknown = UnknownBehind(listing, *names.part_behind);
  if (!unknown.empty()) take(unknown.front());
  return next ? std::optional(next->text) : std::nullopt;
}

std::span<const SortedResources::Row> SortedResources::UnknownBehind(const SortedResourceListing& listing,
                                                                     const Key& before) {
  const std::vector<Row>& unknown = listing.by_names.unknown;
  const auto first = std::ranges::partition_point(unknown, [&before](const Row& row) { return !(row.key < before); });
  return {first, unknown.end()};
}

SortedResources::NamePart SortedResources::PartOf(const SortedResourceListing& listing, const std::string& name) {
  const auto beginnings = NameBeginningsOf(name);
  const auto& names = listing.by_names;
  for (const std::string_view beginning : beginnings.texts) {
    // The names with a shorter one are those of the few that begin otherwise.
    if (beginning.size() < names.beginning.size() && names.beginning.starts_with(beginning)) continue;
    std::string text(beginning);
    if (names.crowded.contains(text)) continue;
    const bool is_longest = beginnings.has_longest && beginning == beginnings.texts.back();
    return {NamePart::Kind::kAsked, std::move(text), is_longest};
  }
  return beginnings.has_longest ? NamePart{NamePart::Kind::kWalked, std::string(beginnings.texts.back())}
                                : NamePart{NamePart::Kind::kName, name};
}

std::size_t SortedResources::AskForPart(SortedResourceListing& listing, const NamePart& part) {
  auto& names = listing.by_names;
  const SortedResourceQuery& query = listing.query;
  std::vector<std::int64_t> numbers;
  std::size_t cost = 0;
  if (part.beginning.starts_with(names.beginning)) {
    if (!names.asked || names.asked->beginning != part.beginning) {
      names.asked =
          AskedBeginning{.beginning = part.beginning,
                         .scan = SearchCandidates::Narrow(*names.scan, SearchCandidates::Named::kSo, part.beginning)};
    }
    cost = names.asked->scan.slice_cost;
    const std::size_t most = part.is_longest ? names.long_part_max : names.part_max;
    const Progress progress = Ask(*names.asked, most + 1);
    const bool is_crowded = names.asked->numbers.size() > most;
    if (!is_crowded && progress == Progress::kGoesOn) return cost;
    numbers = std::move(names.asked->numbers);
    names.asked.reset();
    if (is_crowded) {
      names.crowded.insert(part.beginning);
      // Where most names of the part fit, as those that begin with a searched word, these are enough.
      WalkPart(listing, part, names.walked_first);
      return cost + names.walked_first;
    }
    std::ranges::sort(numbers);  // neighbours in the database one after the other
  }
  std::vector<Row> rows;
  for (const std::int64_t number : numbers) {
    auto row = ReadCandidate(query, names.venues, number);
    if (row && row->fits && row->key < *names.part_behind && part.Has(row->key.text)) rows.push_back(*std::move(row));
  }
  for (const Row& row : UnknownBehind(listing, *names.part_behind)) {
    if (row.fits && part.Has(row.key.text)) rows.push_back(row);
  }
  std::ranges::sort(rows, std::greater<>(), &Row::key);
  for (const Row& row : rows) {
    if (auto resource = ReadResource(query, row)) listing.page.push_back(*std::move(resource));
    if (listing.full()) break;
  }
  names.part_behind = part.End(query.direction == SortDirection::kAscending);
  return cost + numbers.size();
}

// The walk may have many names to pass: once, the index is asked for more at a time instead.
void SortedResources::GiveUpWalk(SortedResourceListing& listing, const NamePart& part) {
  auto& names = listing.by_names;
  if (std::exchange(names.long_part_max, names.longest_part_max) < names.longest_part_max) {
    names.crowded.erase(part.beginning);
  }
}

Progress SortedResources::WalkPart(SortedResourceListing& listing, const NamePart& part, std::size_t most) {
  auto& names = listing.by_names;
  const SortedResourceQuery& query = listing.query;
  NewestFirstMerge<Row> merged = MergedNames(listing, *names.part_behind);
  for (std::size_t looked_at = 0; looked_at < most && !listing.full(); ++looked_at) {
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
