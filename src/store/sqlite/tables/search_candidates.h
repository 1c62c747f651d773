// Which records a search may find, by the index of grams (search_index.h): all that it finds are among them, and some
// others, so each is to be held against the search. What the index does not know yet is looked through.
//
// A scan of candidates goes over several reads, each with a snapshot of its own. What is new or changed since the first
// of them may be missed, as by any list that is read in parts.
//
// Threads: those of its connection.
// Errors:  SqliteError. A damaged index shows as one; searches then go through the records, as they do without it.
#pragma once

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

namespace shakehook::sqlite {

// A scan that is under way.
struct CandidateScan {
  struct Range {
    std::int64_t first, last;  // rows of the index
  };

  std::string words;          // the question to the full-text table
  std::vector<Range> ranges;  // that hold the venues, in order
  std::size_t range = 0;      // the present one; its `first` moves on
  std::int64_t number = 0;    // the index had all records up to here when the scan began
  // Numbers of records behind that, and of those that were changed since. They are candidates too.
  std::vector<std::int64_t> unknown;
  std::unordered_set<std::int64_t> changed;
};

// Whose turn it is to find a page: the list itself, which is soon done where much fits, or the index, which is where
// little does. Nobody knows before; so they take turns, and a page takes twice the better of the two at most.
class SearchTurns {
 public:
  // Counts a read. The list has the first one, then the index some; where that has not done either, one each.
  bool IndexHasTurn() {
    const std::size_t read = reads_++;
    return useful_ && read > 0 && (read <= kIndexReadsFirst || read % 2 == 1);
  }
  void IndexIsUseless() { useful_ = false; }

 private:
  static constexpr std::size_t kIndexReadsFirst = 8;
  std::size_t reads_ = 0;
  bool useful_ = true;
};

// The question to the full-text table for a search; nothing where no word of it is long enough to be looked up.
std::optional<std::string> SearchWordsOf(const SearchQuery& query);

class SearchCandidates {
 public:
  // Without the index beside the database at `path`, no scan begins.
  SearchCandidates(Connection& connection, const std::string& path);
  ~SearchCandidates();

  // Begins a scan of the records of one kind in these venues, by their numbers. Nothing: the index is of no use here.
  std::optional<CandidateScan> Begin(const SearchQuery& query, std::vector<std::int64_t> venues, ResourceKind kind);

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
  };
  std::size_t ReadNames(const CandidateScan& scan, const NamesBehind& behind, std::size_t limit,
                        const std::function<void(std::string_view name, std::int64_t number)>& look);

  // Gives a bounded number of further candidates, by their numbers. kComplete:
  // there are no more.
  Progress Continue(CandidateScan& scan, const std::function<void(std::int64_t number)>& look);

  static constexpr std::size_t kCandidatesARead = 2'000;
  // The venues of a scan are looked up in so many pieces at most, because each costs a search for all words; records
  // between them are candidates for nothing.
  static constexpr std::size_t kRangesMax = 4;
  // Where the index does not know more records or changes than these, searches do without it.
  static constexpr std::int64_t kUnknownMax = 5'000;

 private:
  struct Statements;

  bool AddUnknown(CandidateScan& scan, const SearchQuery& query, std::vector<std::int64_t>& venues, ResourceKind kind);

  std::unique_ptr<Statements> statements_;  // null: there is no index
};

}  // namespace shakehook::sqlite
