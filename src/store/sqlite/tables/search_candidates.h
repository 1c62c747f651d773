// Which records a search may find, by the index of grams (search_index.h): all that it finds are among them, and some
// others, so each is to be held against the search. What the index does not know yet is looked through.
//
// A scan of candidates goes over several reads, each with a snapshot of its own. What is new or changed since the first
// of them may be missed, as by any list that is read in parts.
//
// Threads: those of its connection.
// Errors:  SqliteError. A damaged index shows as one; searches then go through the records, as they do without it.
#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "model/search_text.h"
#include "store/sqlite/engine/sqlite.h"
#include "store/sqlite/tables/listing.h"
#include "store/sqlite/tables/search_words.h"

namespace shakehook::sqlite {

// A scan that is under way.
struct CandidateScan {
  struct Range {
    std::int64_t first, last;  // rows of the index
    std::int64_t begin = first;
  };

  std::string words;                 // the question to the full-text table
  std::vector<Range> ranges;         // that hold the venues, in order
  std::vector<std::int64_t> slices;  // the last row of each slice, in order; behind them there is one more
  std::size_t slice_cost = 0;        // a slice costs about as much as to read so many records
  std::size_t range = 0;             // the present one; its `first` moves on
  std::size_t found = 0;             // rows so far
  std::int64_t number = 0;           // the index had all records up to here when the scan began
  // Numbers of records behind that, and of those that were changed since. They are candidates too.
  std::vector<std::int64_t> unknown;
  std::unordered_set<std::int64_t> changed;

  // About how many rows it finds in all, as if they were spread evenly over the venues.
  double EstimatedRows() const;
  // To go over it as a whole costs about as much as to read so many records.
  std::size_t Cost() const { return slice_cost * (slices.size() + 1); }
};

// Whose turn it is to find a page: the list itself, which is soon done where much fits, or the index, which is where
// little does. Nobody knows before; so they take turns, and a page takes twice the better of the two at most.
class SearchTurns {
 public:
  // Counts a read. The list has the first one, then the index some; where that has not done either, one each.
  bool IndexHasTurn() {
    const std::size_t read = reads_++;
    if (list_reads_ > 0) return --list_reads_, false;
    return useful_ && read > 0 && (read <= kIndexReadsFirst || read % 2 == 1);
  }
  // The index will find this many. Where it would take very long, the list has some more turns before it.
  void IndexFinds(double rows) {
    if (rows > kRowsMany) list_reads_ = kListReadsFirst;
  }
  // The list is likely to be done in one more turn, and has it before the index.
  void ListIsNearItsEnd() { list_reads_ = std::max<std::size_t>(list_reads_, 1); }
  void IndexIsUseless() { useful_ = false; }
  // The index has turns again, or none for now.
  void SetIndexUseful(bool useful) { useful_ = useful; }

 private:
  static constexpr std::size_t kIndexReadsFirst = 8;
  static constexpr std::size_t kListReadsFirst = 10;
  static constexpr double kRowsMany = 10'000;
  std::size_t reads_ = 0, list_reads_ = 0;
  bool useful_ = true;
};

class SearchCandidates {
 public:
  // Without the index beside the database at `path`, no scan begins.
  SearchCandidates(Connection& connection, const std::string& path);
  ~SearchCandidates();

  // Begins a scan of the records of one kind in these venues, by their numbers. Nothing: the index is of no use here.
  std::optional<CandidateScan> Begin(const SearchQuery& query, std::vector<std::int64_t> venues, ResourceKind kind,
                                     ShortWords short_words = ShortWords::kRare);

  // Returns a scan from the start of those records of `whole` whose name has this beginning (NameBeginningsOf), or has
  // not. What the index does not know is in neither.
  enum class Named { kSo, kOtherwise };
  static CandidateScan Narrow(const CandidateScan& whole, Named named, std::string_view beginning);

  // Begins to read the names of such records in their order (ReadNames). Nothing: the index is of no use here.
  std::optional<CandidateScan> BeginNames(std::vector<std::int64_t> venues, ResourceKind kind);

  // Gives the next names of a venue and kind behind a name and number, but for those of scan.unknown. Returns how many,
  // less than `limit` where there are no more.
  struct NamesBehind {
    std::int64_t venue;
    ResourceKind kind;
    std::string_view name;
    std::int64_t number;
    bool ascending;
    std::string_view beginning;  // only names that begin so
  };
  std::size_t ReadNames(const CandidateScan& scan, const NamesBehind& behind, std::size_t limit,
                        const std::function<void(std::string_view name, std::int64_t number)>& look);

  // Gives up to `limit` further candidates, by their numbers, of one slice at most. kComplete: there are no more.
  Progress Continue(CandidateScan& scan, std::size_t limit, const std::function<void(std::int64_t number)>& look);

  static constexpr std::size_t kCandidatesARead = 2'000;
  // The venues of a scan are looked up in so many pieces at most, because each costs a search for all words; records
  // between them are candidates for nothing.
  static constexpr std::size_t kRangesMax = 4;
  // In a slice, the table walks past about as many records. For tests to change.
  static constexpr double kWalkedASlice = 1'500'000;
  void SetWalkedASlice(double walked) { walked_a_slice_ = walked; }
  // Where the index does not know more records or changes than these, searches do without it.
  static constexpr std::int64_t kUnknownMax = 5'000;

 private:
  struct Statements;

  // As many records say what is frequent, by so many bytes of their texts.
  static constexpr std::int64_t kSample = 512;
  static constexpr std::size_t kSampledBytesMax = 256;

  // `number`: the index has all records up to there.
  void TakeSample(std::int64_t number);
  // Parts the scan in slices that hold about as many records each.
  void TakeSlices(CandidateScan& scan, const SearchWords& words) const;

  bool AddUnknown(CandidateScan& scan, const SearchQuery& query, std::vector<std::int64_t>& venues, ResourceKind kind);

  std::unique_ptr<Statements> statements_;  // null: there is no index
  // The searched texts of some records, and their rows in order, taken when there were sample_of_.
  std::vector<std::string> sample_;
  std::vector<std::int64_t> sample_rows_;
  double walked_a_slice_ = kWalkedASlice;
  std::int64_t sample_of_ = 0;
};

}  // namespace shakehook::sqlite
