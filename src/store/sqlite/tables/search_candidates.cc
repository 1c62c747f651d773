#include "store/sqlite/tables/search_candidates.h"

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <limits>
#include <memory>

#include "store/sqlite/engine/select.h"
#include "store/sqlite/tables/search_index.h"
#include "store/sqlite/tables/search_words.h"

namespace shakehook::sqlite {
namespace {

constexpr char kBehindAllLetters = '\xff';

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

std::int64_t EndOfSlice(const CandidateScan& scan, std::int64_t row) {
  const auto end = std::ranges::lower_bound(scan.slices, row);
  return end == scan.slices.end() ? std::numeric_limits<std::int64_t>::max() : *end;
}

}  // namespace

double CandidateScan::EstimatedRows() const {
  // In venues: a row is as far in its venue as its number is in all.
  const auto length = [this](std::int64_t begin, std::int64_t end) {
    const auto venues = static_cast<double>(IndexedRecord::PlaceOfRow(end) - IndexedRecord::PlaceOfRow(begin));
    const auto numbers = static_cast<double>(IndexedRecord::NumberOf(end) - IndexedRecord::NumberOf(begin));
    return venues + numbers / static_cast<double>(std::max<std::int64_t>(1, number));
  };
  double passed = 0;
  double all = 0;
  for (std::size_t i = 0; i < ranges.size(); ++i) {
    const double whole =
        length(ranges[i].begin, IndexedRecord::RowAt(IndexedRecord::PlaceOfRow(ranges[i].last), number));
    all += whole;
    if (i < range) passed += whole;
    if (i == range) passed += length(ranges[i].begin, ranges[i].first);
  }
  return passed > 0 ? static_cast<double>(found) * std::max(1.0, all / passed) : 0;
}

namespace {

struct IndexStateColumns
    : Columns<Column<"stamp", std::int64_t>, Column<"number", std::int64_t>, Column<"sequence", std::int64_t>> {};

struct NewRecordColumns : Columns<Column<"number", std::int64_t>, Column<"venue", std::int64_t>,
                                  Column<"kind", ResourceKind>, Column<"search", std::string_view>> {};

struct ChangedRecordColumns
    : Columns<Column<"number", std::int64_t>, Column<"venue", std::int64_t>, Column<"kind", ResourceKind>> {};

struct IndexedNameColumns : Columns<Column<"name", std::string>, Column<"number", std::int64_t>> {};

}  // namespace

struct SearchCandidates::Statements {
  explicit Statements(Connection& connection)
      : stamp(connection, "SELECT stamp FROM main.search_index"),
        state(connection, "FROM found.state"),
        records(connection, "FROM main.resource WHERE number > ?1 ORDER BY number LIMIT ?2"),
        changes(connection, "FROM main.search_change WHERE sequence > ?1 ORDER BY sequence LIMIT ?2"),
        rows(connection,
             "SELECT rowid FROM found.gram WHERE gram MATCH ?1 AND rowid BETWEEN ?2 AND ?3 ORDER BY rowid LIMIT ?4"),
        names_up(connection,
                 "FROM found.name WHERE place = ?1 AND (name, number) > (?2, ?3) ORDER BY name, number LIMIT ?4"),
        names_down(
            connection,
            "FROM found.name WHERE place = ?1 AND (name, number) < (?2, ?3) ORDER BY name DESC, number DESC LIMIT ?4"),
        text(connection, "FROM main.resource WHERE number = ?1 AND data IS NOT NULL") {}

  SelectOne<std::int64_t> stamp;
  Select<IndexStateColumns> state;
  Select<NewRecordColumns> records;
  Select<ChangedRecordColumns> changes;
  SelectOne<std::int64_t> rows;
  Select<IndexedNameColumns> names_up, names_down;
  Select<NewRecordColumns> text;
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
                                                     ResourceKind kind, ShortWords short_words) {
  if (!statements_) return std::nullopt;
  CandidateScan scan;
  if (!AddUnknown(scan, query, venues, kind)) return std::nullopt;
  TakeSample(scan.number);
  const auto words = SearchWordsOf(query, sample_, short_words);
  if (!words) return std::nullopt;
  scan.words = words->words;
  scan.ranges = RangesOf(venues, kind);
  TakeSlices(scan, *words);
  return scan;
}

void SearchCandidates::TakeSlices(CandidateScan& scan, const SearchWords& words) const {
  const auto in_scan = [&scan](std::int64_t row) {
    return std::ranges::any_of(scan.ranges,
                               [row](const auto& range) { return range.first <= row && row <= range.last; });
  };
  std::vector<std::int64_t> rows;
  std::ranges::copy_if(sample_rows_, std::back_inserter(rows), in_scan);
  // Where the table gathers, it does so for all records, however few are in a slice.
  const double part = static_cast<double>(words.gathers ? sample_rows_.size() : rows.size()) /
                      static_cast<double>(std::max<std::size_t>(1, sample_rows_.size()));
  const double walked = words.walked_a_record * static_cast<double>(scan.number) * part;
  const auto slices = words.gathers ? 1 : 1 + static_cast<std::size_t>(walked / walked_a_slice_);
  for (std::size_t i = 1; i < slices && slices <= rows.size(); ++i) {
    scan.slices.push_back(rows[i * rows.size() / slices]);
  }
  scan.slice_cost =
      static_cast<std::size_t>(walked / static_cast<double>(scan.slices.size() + 1) / SearchWords::kWalkedForARead);
}

CandidateScan SearchCandidates::Narrow(const CandidateScan& whole, Named named, std::string_view beginning) {
  CandidateScan scan{.words = "(" + whole.words + (named == Named::kSo ? ") AND " : ") NOT ") + NameWordOf(beginning),
                     .ranges = whole.ranges,
                     .slices = whole.slices,
                     .slice_cost = whole.slice_cost,
                     .number = whole.number,
                     .unknown = {},
                     .changed = whole.changed};
  for (CandidateScan::Range& range : scan.ranges) range.first = range.begin;
  return scan;
}

// Numbers are given without gaps, so that places of equal distance are records of all times, of whatever venue.
void SearchCandidates::TakeSample(std::int64_t number) {
  if (number / 2 < sample_of_ && sample_of_ <= number) return;
  sample_of_ = number;
  sample_.clear();
  sample_rows_.clear();
  const std::int64_t step = std::max<std::int64_t>(1, number / kSample);
  for (std::int64_t at = number; at > 0; at -= step) {
    auto row = statements_->text.With(at);
    if (!row.Step()) continue;
    sample_.emplace_back(row.Get<"search">().substr(0, kSampledBytesMax));
    sample_rows_.push_back(IndexedRecord::RowOf(row.Get<"venue">(), row.Get<"kind">(), at));
  }
  std::ranges::sort(sample_rows_);
}

std::optional<CandidateScan> SearchCandidates::BeginNames(std::vector<std::int64_t> venues, ResourceKind kind) {
  CandidateScan scan;
  if (!statements_ || !AddUnknown(scan, {}, venues, kind)) return std::nullopt;
  return scan;
}

std::size_t SearchCandidates::ReadNames(const CandidateScan& scan, const NamesBehind& behind, std::size_t limit,
                                        const std::function<void(std::string_view name, std::int64_t number)>& look) {
  Select<IndexedNameColumns>& statement = behind.ascending ? statements_->names_up : statements_->names_down;
  const std::int64_t place = IndexedRecord::PlaceOf(behind.venue, behind.kind);
  std::string name(behind.name);
  std::int64_t number = behind.number;
  if (!behind.beginning.empty() && behind.ascending && name < behind.beginning) {
    name = behind.beginning;
    number = -1;
  } else if (!behind.beginning.empty() && !behind.ascending && name > behind.beginning) {
    if (!name.starts_with(behind.beginning)) {
      name = std::string(behind.beginning) + kBehindAllLetters;
      number = std::numeric_limits<std::int64_t>::max();
    }
  }
  std::size_t given = 0;
  while (given < limit) {
    const std::string from = name;
    std::size_t read = 0;
    for (auto row = statement.With(place, from, number, limit - given); row.Step(); ++read) {
      name = row.Get<"name">();
      number = row.Get<"number">();
      if (!name.starts_with(behind.beginning)) return given;
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
  const std::int64_t stamp = statements_->stamp.First().value_or(0);
  if (stamp == 0) return false;
  std::int64_t sequence = 0;
  {
    auto row = statements_->state.With();
    if (!row.Step() || row.Get<"stamp">() != stamp) return false;
    scan.number = row.Get<"number">();
    sequence = row.Get<"sequence">();
  }
  const auto wanted = [&](const auto& row) {
    return row.template Get<"kind">() == kind && std::ranges::binary_search(venues, row.template Get<"venue">());
  };
  std::int64_t looked_at = 0;
  for (auto row = statements_->records.With(scan.number, kUnknownMax + 1); row.Step();) {
    if (++looked_at > kUnknownMax) return false;
    if (wanted(row) && query.Finds(row.Get<"search">())) scan.unknown.push_back(row.Get<"number">());
  }
  looked_at = 0;
  for (auto row = statements_->changes.With(sequence, kUnknownMax + 1); row.Step();) {
    if (++looked_at > kUnknownMax) return false;
    const std::int64_t number = row.Get<"number">();
    if (number <= scan.number && wanted(row) && scan.changed.insert(number).second) scan.unknown.push_back(number);
  }
  return true;
}

Progress SearchCandidates::Continue(CandidateScan& scan, std::size_t limit,
                                    const std::function<void(std::int64_t number)>& look) {
  std::size_t left = limit;
  while (left > 0 && !scan.unknown.empty()) {
    look(scan.unknown.back());
    scan.unknown.pop_back();
    --left;
  }
  std::optional<std::int64_t> end;  // the last row of the slice
  while (left > 0 && scan.range < scan.ranges.size()) {
    CandidateScan::Range& range = scan.ranges[scan.range];
    if (!end) end = EndOfSlice(scan, range.first);
    if (range.first > *end) break;
    const std::int64_t last = std::min(range.last, *end);
    std::size_t found = 0;
    for (auto row = statements_->rows.With(scan.words, range.first, last, left); row.Step(); ++found, ++scan.found) {
      range.first = row.Value() + 1;
      const std::int64_t number = IndexedRecord::NumberOf(row.Value());
      if (number <= scan.number && !scan.changed.contains(number)) look(number);
    }
    if (found < left) range.first = last + 1;
    if (range.first > range.last) ++scan.range;
    left -= found;
  }
  return scan.unknown.empty() && scan.range == scan.ranges.size() ? Progress::kComplete : Progress::kGoesOn;
}

}  // namespace shakehook::sqlite
