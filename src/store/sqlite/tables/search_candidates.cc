#include "store/sqlite/tables/search_candidates.h"

#include <algorithm>
#include <filesystem>
#include <memory>

#include "model/search_grams.h"
#include "store/sqlite/tables/search_index.h"

namespace shakehook::sqlite {
namespace {

// Some grams of a word leave next to nothing that has not the word; each costs a walk through all that have it.
constexpr std::size_t kGramsAPart = 5;
constexpr std::size_t kWordsMax = 64;

// Pieces that hold the venues, which are in order, as few as are wanted: the smallest gaps are closed.
std::vector<CandidateScan::Range> RangesOf(const std::vector<std::int64_t>& venues, ResourceKind kind) {
  std::vector<std::int64_t> gaps;
  for (std::size_t i = 1; i < venues.size(); ++i) gaps.push_back(venues[i] - venues[i - 1]);
  std::int64_t closed = 1;  // gaps up to here
  if (gaps.size() >= SearchCandidates::kRangesMax) {
    const auto open = gaps.begin() + (SearchCandidates::kRangesMax - 1);
    std::ranges::nth_element(gaps, open, std::greater<>());
    closed = std::max(closed, *open);
  }
  std::vector<CandidateScan::Range> ranges;
  const auto row_of = [](std::int64_t venue, ResourceKind of, std::int64_t number) {
    return IndexedRecord::RowOf(venue, of, number);
  };
  for (std::size_t i = 0; i < venues.size(); ++i) {
    const std::int64_t last = row_of(venues[i], kind, IndexedRecord::kNumberEnd - 1);
    if (i > 0 && venues.size() > SearchCandidates::kRangesMax && venues[i] - venues[i - 1] <= closed) {
      ranges.back().last = last;
    } else {
      ranges.push_back({.first = row_of(venues[i], kind, 0), .last = last});
    }
  }
  return ranges;
}

// All of these in one text.
std::string Together(const std::vector<std::string_view>& grams) {
  std::string words;
  for (const std::string_view gram : grams) words += (words.empty() ? "" : " AND ") + SearchWordOf(gram);
  return words;
}

// Tells whether who contains the part contains another one of the term as well, so that the other does for both.
bool HasOther(const SearchQuery::Term& term, const std::string& part) {
  return std::ranges::any_of(
      term, [&part](const std::string& other) { return part.contains(other) && (part != other || &other < &part); });
}

}  // namespace

std::optional<std::string> SearchWordsOf(const SearchQuery& query) {
  std::string all;
  std::size_t count = 0;
  for (const SearchQuery::Term& term : query.terms()) {
    std::string any;
    bool known = true;
    std::size_t here = 0;
    for (const std::string& part : term) {
      if (HasOther(term, part)) continue;
      const auto grams = SomeSearchGramsOf(part, kGramsAPart);
      known = known && !grams.empty();
      here += grams.size();
      any += (any.empty() ? "(" : " OR (") + Together(grams) + ")";
    }
    // Otherwise records that contain the term without having its grams looked up would be missed.
    if (!known || count + here > kWordsMax) continue;
    count += here;
    all += (all.empty() ? "(" : " AND (") + any + ")";
  }
  if (all.empty()) return std::nullopt;
  return all;
}

struct SearchCandidates::Statements {
  explicit Statements(Connection& connection)
      : stamp(connection, "SELECT stamp FROM main.search_index"),
        state(connection, "SELECT stamp, number, sequence FROM found.state"),
        records(connection,
                "SELECT number, venue, kind, search FROM main.resource WHERE number > ?1 ORDER BY number LIMIT ?2"),
        changes(connection,
                "SELECT number, venue, kind FROM main.search_change WHERE sequence > ?1 ORDER BY sequence LIMIT ?2"),
        rows(connection,
             "SELECT rowid FROM found.gram WHERE gram MATCH ?1 AND rowid BETWEEN ?2 AND ?3 ORDER BY rowid LIMIT ?4"),
        names_up(connection,
                 "SELECT name, number FROM found.name WHERE place = ?1 AND (name, number) > (?2, ?3) ORDER BY name, "
                 "number LIMIT ?4"),
        names_down(connection,
                   "SELECT name, number FROM found.name WHERE place = ?1 AND (name, number) < (?2, ?3) ORDER BY name "
                   "DESC, number DESC LIMIT ?4") {}

  Statement stamp, state, records, changes, rows, names_up, names_down;
};

SearchCandidates::SearchCandidates(Connection& connection, const std::string& path) {
  const std::string index = SearchIndexPath(path);
  if (!std::filesystem::exists(index)) return;
  try {
    Statement(connection, "ATTACH ?1 AS found").Run(index);
    statements_ = std::make_unique<Statements>(connection);
  } catch (const SqliteError&) {
    // Who has opened the index has told.
  }
}

SearchCandidates::~SearchCandidates() = default;

std::optional<CandidateScan> SearchCandidates::Begin(const SearchQuery& query, std::vector<std::int64_t> venues,
                                                     ResourceKind kind) {
  if (!statements_) return std::nullopt;
  auto words = SearchWordsOf(query);
  if (!words) return std::nullopt;
  CandidateScan scan{.words = *std::move(words)};
  if (!AddUnknown(scan, query, venues, kind)) return std::nullopt;
  scan.ranges = RangesOf(venues, kind);
  return scan;
}

std::optional<CandidateScan> SearchCandidates::BeginNames(std::vector<std::int64_t> venues, ResourceKind kind) {
  CandidateScan scan;
  if (!statements_ || !AddUnknown(scan, {}, venues, kind)) return std::nullopt;
  return scan;
}

std::size_t SearchCandidates::ReadNames(const CandidateScan& scan, const NamesBehind& behind, std::size_t limit,
                                        const std::function<void(std::string_view name, std::int64_t number)>& look) {
  Statement& statement = behind.ascending ? statements_->names_up : statements_->names_down;
  const std::int64_t place = IndexedRecord::PlaceOf(behind.venue, behind.kind);
  std::string name(behind.name);
  std::int64_t number = behind.number;
  std::size_t given = 0;
  while (given < limit) {
    const std::string from = name;
    std::size_t read = 0;
    for (auto row = statement.With(place, from, number, limit - given); row.Step(); ++read) {
      name = row.Text(0);
      number = row.Integer(1);
      if (number > scan.number || scan.changed.contains(number)) continue;
      look(name, number);
      ++given;
    }
    if (read == 0) break;
  }
  return given;
}

// The snapshot of the database begins before that of the index: of what is removed from one because the other has it,
// nothing is missed.
bool SearchCandidates::AddUnknown(CandidateScan& scan, const SearchQuery& query, std::vector<std::int64_t>& venues,
                                  ResourceKind kind) {
  std::erase_if(venues, [](std::int64_t venue) { return venue < 0 || venue >= IndexedRecord::kVenueEnd; });
  std::ranges::sort(venues);
  std::int64_t stamp = 0;
  {
    auto row = statements_->stamp.With();
    if (!row.Step() || (stamp = row.Integer(0)) == 0) return false;
  }
  std::int64_t sequence = 0;
  {
    auto row = statements_->state.With();
    if (!row.Step() || row.Integer(0) != stamp) return false;
    scan.number = row.Integer(1);
    sequence = row.Integer(2);
  }
  const auto wanted = [&](const Execution& row) {
    return row.As<ResourceKind>(2) == kind && std::ranges::binary_search(venues, row.Integer(1));
  };
  std::int64_t looked_at = 0;
  for (auto row = statements_->records.With(scan.number, kUnknownMax + 1); row.Step();) {
    if (++looked_at > kUnknownMax) return false;
    if (wanted(row) && query.Finds(row.Text(3))) scan.unknown.push_back(row.Integer(0));
  }
  looked_at = 0;
  for (auto row = statements_->changes.With(sequence, kUnknownMax + 1); row.Step();) {
    if (++looked_at > kUnknownMax) return false;
    const std::int64_t number = row.Integer(0);
    if (number <= scan.number && wanted(row) && scan.changed.insert(number).second) scan.unknown.push_back(number);
  }
  return true;
}

Progress SearchCandidates::Continue(CandidateScan& scan, const std::function<void(std::int64_t number)>& look) {
  std::size_t left = kCandidatesARead;
  while (left > 0 && !scan.unknown.empty()) {
    look(scan.unknown.back());
    scan.unknown.pop_back();
    --left;
  }
  while (left > 0 && scan.range < scan.ranges.size()) {
    CandidateScan::Range& range = scan.ranges[scan.range];
    std::size_t found = 0;
    for (auto row = statements_->rows.With(scan.words, range.first, range.last, left); row.Step(); ++found) {
      range.first = row.Integer(0) + 1;
      const std::int64_t number = IndexedRecord::NumberOf(row.Integer(0));
      if (number <= scan.number && !scan.changed.contains(number)) look(number);
    }
    if (found < left) ++scan.range;
    left -= found;
  }
  return scan.unknown.empty() && scan.range == scan.ranges.size() ? Progress::kComplete : Progress::kGoesOn;
}

}  // namespace shakehook::sqlite
