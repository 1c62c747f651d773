// The index that searches look their candidates up in: of every account and contact the grams of its searched text
// (model/search_grams.h), in a full-text table of SQLite (FTS5) in a file of its own beside the database, NAME.search.
// There too are the names that lists are sorted by, in their order.
//
// It is made behind the changes. What it knows is told by two numbers, which are committed with it: it has all records
// up to `number`, as they were when the change `sequence` was committed (search_changes.h). Whoever searches looks
// through what came later as well, and holds every candidate against the record's present text; so the index may be
// late, but no search is ever wrong by it.
//
// The file may be lost: it is made again of the records. It is recognised by a stamp that both files have, and made
// anew where it does not fit the database: it is missing, another one, of other rules, damaged, or knows more than the
// database, because that was restored from a backup.
//
// Removed entries are removed at once, and zeroed (secure-delete): nothing of a deleted record's text stays.
//
// Threads: one at a time.
// Errors:  SqliteError of either file. Nothing of the step is then in the index.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/random.h"
#include "model/resource.h"
#include "model/webhook.h"
#include "store/sqlite/engine/sqlite.h"

namespace shakehook::sqlite {

// Where the index of the database at `path` is.
std::string SearchIndexPath(const std::string& path);
// Removes the index of a database that is not in use.
void RemoveSearchIndex(const std::string& path);

// A record in the index: those of a kind and venue stand together, in the order of their numbers.
struct IndexedRecord {
  static constexpr int kNumberBits = 32;
  static constexpr std::int64_t kNumberEnd = std::int64_t{1} << kNumberBits;
  static constexpr std::int64_t kVenueEnd = std::int64_t{1} << 30;

  static std::int64_t PlaceOf(std::int64_t venue, ResourceKind kind) {
    return static_cast<std::int64_t>(kind) * kVenueEnd + venue;
  }
  static std::int64_t RowOf(std::int64_t venue, ResourceKind kind, std::int64_t number) {
    return RowAt(PlaceOf(venue, kind), number);
  }
  static std::int64_t RowAt(std::int64_t place, std::int64_t number) { return place * kNumberEnd + number; }
  static std::int64_t PlaceOfRow(std::int64_t row) { return row >> kNumberBits; }
  static std::int64_t NumberOf(std::int64_t row) { return row & (kNumberEnd - 1); }
};

class SearchIndex {
 public:
  // Opens the index of the database, or makes an empty one. `writer`: the connection that changes the database, while
  // nobody else does. Null where this SQLite has no such table; the log says so. Both files agree afterwards.
  static std::unique_ptr<SearchIndex> Open(Connection& writer, const std::string& path, Switch durable, Random& random);
  ~SearchIndex();
  SearchIndex(const SearchIndex&) = delete;
  SearchIndex& operator=(const SearchIndex&) = delete;

  struct Progress {
    std::int64_t sequence = 0;  // it knows all changes up to this one
    bool more = false;          // there is more to do
  };
  // Takes up to kRecordsAStep records, and as many changes, into the index, in one transaction.
  Progress Step();

  static constexpr std::int64_t kRecordsAStep = 8'000;
  static constexpr std::int64_t kChangesAStep = 500;

 private:
  SearchIndex(const std::string& path, Switch durable);

  struct Entry {
    std::int64_t row;
    bool removes;
    std::string words;
    std::string name;
  };
  struct NewRecord {
    std::int64_t row;
    std::string name;
    std::string search;
  };
  struct State {
    std::int64_t number = 0;
    std::int64_t sequence = 0;
  };

  void MakeTables(std::int64_t stamp, std::int64_t sequence);
  State ReadState();
  // Collects the entries to write for the changes behind state.sequence, and moves the state. Returns whether there are
  // more.
  bool TakeChanges(State& state, std::vector<Entry>& entries);
  // The same with the records behind state.number, whose words are still to be made.
  bool TakeRecords(State& state, std::vector<NewRecord>& records);

  struct Statements;

  Connection database_;  // reads it
  Connection index_;
  std::unique_ptr<Statements> statements_;
};

}  // namespace shakehook::sqlite
