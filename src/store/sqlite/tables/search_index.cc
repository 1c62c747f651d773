#include "store/sqlite/tables/search_index.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <functional>
#include <iterator>
#include <map>
#include <optional>
#include <utility>

#include "base/check.h"
#include "base/log.h"
#include "model/search_grams.h"
#include "model/search_text.h"
#include "store/sqlite/database_file.h"
#include "store/sqlite/engine/select.h"
#include "store/sqlite/tables/search_words.h"

namespace shakehook::sqlite {
namespace {

// FTS5's secure-delete came with 3.42.
constexpr int kVersionNeeded = 3'042'000;
// The most that a step holds in memory.
constexpr std::size_t kBytesAStep = 4 << 20;

// The grams of a text that came lately: a name is often in the e-mail too, and the table takes longer to see that it
// has a word already.
class LateGrams {
 public:
  // Tells whether the gram is among them, and adds it.
  bool Add(std::string_view gram) {
    const std::size_t hash = std::hash<std::string_view>()(gram);
    std::string_view& place = grams_[hash % grams_.size()];
    if (place == gram) return true;
    place = gram;
    return false;
  }

 private:
  std::array<std::string_view, 256> grams_;
};

// Returns the words for the texts of a record that the index has not yet. Some may come twice; the table takes each
// once.
std::string AllWordsOf(std::string_view name, std::string_view text) {
  std::string words;
  words.reserve(text.size() * kSearchWordBytes);
  LateGrams grams;
  for (const std::string_view piece : SearchGramsAndEndsOf(text)) {
    if (grams.Add(piece)) continue;
    AppendSearchWord(words, piece);
    words += ' ';
  }
  for (const std::string_view beginning : NameBeginningsOf(name).texts) {
    words += NameWordOf(beginning);
    words += ' ';
  }
  return words;
}

// A word of the full-text table, its letters in the order of the bytes from the highest on.
using Word = std::uint64_t;

Word Packed(std::string_view word) {
  CHECK(word.size() <= sizeof(Word));
  Word packed = 0;
  for (const char c : word) packed = packed << 8U | static_cast<unsigned char>(c);
  return packed;
}

// The words for a text and a name, each once, in order.
using Words = std::vector<Word>;

Words WordsOf(std::string_view name, std::string_view text) {
  Words words;
  for (const std::string_view piece : SearchGramsAndEndsOf(text)) words.push_back(Packed(SearchWordOf(piece)));
  for (const std::string_view beginning : NameBeginningsOf(name).texts) words.push_back(Packed(NameWordOf(beginning)));
  std::ranges::sort(words);
  const auto same = std::ranges::unique(words);
  words.erase(same.begin(), same.end());
  return words;
}

// Writes the words that are not among the others.
std::string Difference(const Words& words, const Words& others) {
  Words left;
  std::ranges::set_difference(words, others, std::back_inserter(left));
  std::string written;
  for (const Word word : left) {
    for (int bits = 56; bits >= 0; bits -= 8) {
      if (const auto letter = static_cast<char>(word >> static_cast<unsigned>(bits))) written += letter;
    }
    written += ' ';
  }
  return written;
}

bool Supported() {
  return sqlite3_libversion_number() >= kVersionNeeded && sqlite3_compileoption_used("ENABLE_FTS5") != 0;
}

std::int64_t LastChange(Connection& database) {
  return database.Integer("SELECT seq FROM sqlite_sequence WHERE name = 'search_change'");
}

// A transaction that is taken back where it was not committed.
class Transaction {
 public:
  Transaction(Connection& connection, const char* begin) : connection_(connection) { connection_.Execute(begin); }
  ~Transaction() {
    if (!sqlite3_get_autocommit(connection_.get())) {
      sqlite3_exec(connection_.get(), "ROLLBACK", nullptr, nullptr, nullptr);
    }
  }
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;

  void Commit() { connection_.Execute("COMMIT"); }

 private:
  Connection& connection_;
};

// The database has no index any more.
void Forget(Connection& writer) {
  Transaction transaction(writer, "BEGIN IMMEDIATE");
  writer.Execute("UPDATE search_index SET stamp = 0, forgotten = 0");
  writer.Execute("DELETE FROM search_change");
  transaction.Commit();
}

// For its owner's eyes alone, whatever the process's mask.
void MakeFile(const std::string& path) {
  const int descriptor = open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (descriptor < 0) throw SqliteError(SQLITE_CANTOPEN, std::strerror(errno));
  close(descriptor);
}

struct StateColumns
    : Columns<Column<"stamp", std::int64_t>, Column<"text_form", std::int64_t>, Column<"gram_form", std::int64_t>,
              Column<"number", std::int64_t>, Column<"sequence", std::int64_t>> {};

bool Fits(Connection& index, Connection& writer, std::int64_t stamp) {
  Select<StateColumns> select(index, "FROM state");
  auto state = select.With();
  if (!state.Step() || state.Get<"stamp">() != stamp) return false;
  if (state.Get<"text_form">() != kSearchTextForm || state.Get<"gram_form">() != kSearchGramForm) return false;
  // An index that knows more than the database belongs to a later state of it. Where the last records are gone for
  // good, their numbers are given again.
  return state.Get<"number">() <= writer.Integer("SELECT max(number) FROM resource") &&
         state.Get<"sequence">() <= LastChange(writer) &&
         state.Get<"sequence">() >= writer.Integer("SELECT forgotten FROM search_index");
}

// The part of a record that is indexed.
struct Texts {
  std::string name;
  std::string search;

  bool operator==(const Texts&) const = default;
};

// Without a `search`, the record is deleted.
struct TextsColumns : Columns<Column<"name", std::string>, Column<"search", std::optional<std::string>>> {};

struct ChangeColumns
    : Columns<Column<"sequence", std::int64_t>, Column<"number", std::int64_t>, Column<"venue", std::int64_t>,
              Column<"kind", ResourceKind>, Column<"name", std::string>, Column<"search", std::optional<std::string>>> {
};

struct RecordColumns
    : Columns<Column<"number", std::int64_t>, Column<"venue", std::int64_t>, Column<"kind", ResourceKind>,
              Column<"sort_name AS name", std::string>, Column<"search", std::optional<std::string>>> {};

struct RecordTextsColumns
    : Columns<Column<"sort_name AS name", std::string>, Column<"search", std::optional<std::string>>> {};

struct ReachedColumns : Columns<Column<"number", std::int64_t>, Column<"sequence", std::int64_t>> {};

// Returns nullopt if the record is deleted.
template <class RowColumns>
std::optional<Texts> ReadTexts(const Rows<RowColumns>& row) {
  auto search = row.template Get<"search">();
  if (!search) return std::nullopt;
  return Texts{.name = row.template Get<"name">(), .search = *std::move(search)};
}

}  // namespace

std::string SearchIndexPath(const std::string& path) { return path + ".search"; }

void RemoveSearchIndex(const std::string& path) {
  for (const char* const part : {"", "-wal", "-shm"}) unlink((SearchIndexPath(path) + part).c_str());
}

struct SearchIndex::Statements {
  Statements(Connection& database, Connection& index)
      : changes(database, "FROM search_change WHERE sequence > ?1 ORDER BY sequence LIMIT ?2"),
        change_behind(database, "SELECT 1 FROM search_change WHERE sequence > ?1 LIMIT 1"),
        before(database, "FROM search_change WHERE number = ?1 AND sequence > ?2 ORDER BY sequence LIMIT 1"),
        text(database, "FROM resource WHERE number = ?1"),
        records(database, "FROM resource WHERE number > ?1 ORDER BY number LIMIT ?2"),
        state(index, "FROM state"),
        add(index, "INSERT INTO gram (rowid, words) VALUES (?1, ?2)"),
        remove(index, "INSERT INTO gram (gram, rowid, words) VALUES ('delete', ?1, ?2)"),
        add_name(index, "INSERT OR IGNORE INTO name (place, name, number) VALUES (?1, ?2, ?3)"),
        remove_name(index, "DELETE FROM name WHERE place = ?1 AND name = ?2 AND number = ?3"),
        save_state(index, "UPDATE state SET number = ?1, sequence = ?2") {}

  // The texts that the record had when the change `sequence` was committed.
  std::optional<Texts> TextsAt(std::int64_t number, std::int64_t sequence) {
    auto changed = before.With(number, sequence);
    if (changed.Step()) return ReadTexts(changed);
    auto row = text.With(number);
    return row.Step() ? ReadTexts(row) : std::nullopt;
  }

  Select<ChangeColumns> changes;
  Statement change_behind;
  Select<TextsColumns> before;
  Select<RecordTextsColumns> text;
  Select<RecordColumns> records;
  Select<ReachedColumns> state;
  Statement add, remove, add_name, remove_name, save_state;
};

std::unique_ptr<SearchIndex> SearchIndex::Open(Connection& writer, const std::string& path, Switch durable,
                                               Random& random) {
  const std::int64_t stamp = writer.Integer("SELECT stamp FROM search_index");
  if (!Supported()) {
    LogWarning("this SQLite has no index for searches (FTS5, 3.42 or newer): they look through all records",
               {{"version", sqlite3_libversion()}});
    RemoveSearchIndex(path);
    try {
      if (stamp != 0) Forget(writer);
    } catch (const SqliteError&) {
      // The disk is full: the changes stay noted until a later start.
    }
    return nullptr;
  }
  const std::string index_path = SearchIndexPath(path);
  if (stamp != 0 && std::filesystem::exists(index_path)) {
    try {
      std::unique_ptr<SearchIndex> index(new SearchIndex(path, durable));
      if (Fits(index->index_, writer, stamp)) {
        index->statements_ = std::make_unique<Statements>(index->database_, index->index_);
        return index;
      }
    } catch (const SqliteError& error) {
      LogWarning("the index for searches cannot be used, and is made again",
                 {{"file", index_path}, {"reason", error.what()}});
    }
  }
  RemoveSearchIndex(path);
  try {
    Forget(writer);
    MakeFile(index_path);
    std::unique_ptr<SearchIndex> index(new SearchIndex(path, durable));
    const auto new_stamp = static_cast<std::int64_t>(random.Next64() | 1U);
    index->MakeTables(new_stamp, LastChange(writer));
    index->statements_ = std::make_unique<Statements>(index->database_, index->index_);
    Statement(writer, "UPDATE search_index SET stamp = ?1").Run(new_stamp);
    return index;
  } catch (const SqliteError& error) {
    LogWarning("the index for searches cannot be made: they look through all records",
               {{"file", index_path}, {"reason", error.what()}});
    return nullptr;
  }
}

SearchIndex::SearchIndex(const std::string& path, Switch durable)
    : database_(path, Access::kReadOnly), index_(SearchIndexPath(path), Access::kReadWrite) {
  index_.Execute("PRAGMA journal_mode = WAL");
  // The index must know what the database has forgotten, after a loss of power too.
  index_.Execute("PRAGMA synchronous = " + SynchronousSetting(durable));
  index_.Execute("PRAGMA journal_size_limit = 67108864");
  index_.Integer("PRAGMA secure_delete = ON");
}

SearchIndex::~SearchIndex() = default;

void SearchIndex::MakeTables(std::int64_t stamp, std::int64_t sequence) {
  index_.Execute("BEGIN IMMEDIATE");
  index_.Execute(
      "CREATE TABLE state (stamp INTEGER NOT NULL, text_form INTEGER NOT NULL, gram_form INTEGER NOT NULL, number "
      "INTEGER NOT NULL, sequence INTEGER NOT NULL)");
  // The words alone, without the texts, without where in a text they are, and without how many there are.
  index_.Execute(
      "CREATE VIRTUAL TABLE gram USING fts5 (words, content = '', detail = none, columnsize = 0, tokenize = 'ascii')");
  index_.Execute(
      "CREATE TABLE name (place INTEGER NOT NULL, name TEXT NOT NULL, number INTEGER NOT NULL, PRIMARY KEY (place, "
      "name, number)) WITHOUT ROWID");
  // Eight pieces of a level are merged to one instead of four: what is written is merged less often, and searches have
  // some more pieces to look into.
  index_.Execute("INSERT INTO gram (gram, rank) VALUES ('secure-delete', 1), ('hashsize', 4194304), ('automerge', 8)");
  Statement(index_, "INSERT INTO state (stamp, text_form, gram_form, number, sequence) VALUES (?1, ?2, ?3, 0, ?4)")
      .Run(stamp, kSearchTextForm, kSearchGramForm, sequence);
  index_.Execute("COMMIT");
}

SearchIndex::State SearchIndex::ReadState() {
  auto row = statements_->state.With();
  if (!row.Step()) throw SqliteError(SQLITE_CORRUPT, "the index for searches has no record of its state");
  return {.number = row.Get<"number">(), .sequence = row.Get<"sequence">()};
}

SearchIndex::Progress SearchIndex::Step() {
  const State before = ReadState();
  State state = before;
  std::vector<Entry> entries;
  std::vector<NewRecord> records;
  bool more = false;
  {
    // The log of the database cannot begin anew meanwhile, and this thread may have to wait for a processor.
    const Transaction snapshot(database_, "BEGIN");
    more = TakeChanges(state, entries);
    more = TakeRecords(state, records) || more;
  }
  for (NewRecord& record : records) {
    std::string words = AllWordsOf(record.name, record.search);
    entries.push_back({record.row, false, std::move(words), std::move(record.name)});
    record.search = {};
  }
  if (state.number == before.number && state.sequence == before.sequence) return {.sequence = state.sequence};
  // The table takes them in this order without writing out what it has gathered. What is removed of a record comes
  // before what is added.
  std::ranges::sort(entries, {}, [](const Entry& entry) { return std::pair(entry.row, !entry.removes); });
  Transaction transaction(index_, "BEGIN IMMEDIATE");
  for (const Entry& entry : entries) {
    (entry.removes ? statements_->remove : statements_->add).Run(entry.row, entry.words);
    const std::int64_t place = IndexedRecord::PlaceOfRow(entry.row);
    (entry.removes ? statements_->remove_name : statements_->add_name)
        .Run(place, entry.name, IndexedRecord::NumberOf(entry.row));
  }
  statements_->save_state.Run(state.number, state.sequence);
  transaction.Commit();
  return {.sequence = state.sequence, .more = more};
}

bool SearchIndex::TakeChanges(State& state, std::vector<Entry>& entries) {
  struct Change {
    std::int64_t row;
    std::optional<Texts> before;
  };
  std::map<std::int64_t, Change> changes;  // by number; of several the first
  std::int64_t looked_at = 0;
  for (auto row = statements_->changes.With(state.sequence, kChangesAStep); row.Step(); ++looked_at) {
    state.sequence = row.Get<"sequence">();
    const auto number = row.Get<"number">();
    if (number > state.number) continue;  // the index has nothing of it yet
    changes.try_emplace(number, IndexedRecord::RowOf(row.Get<"venue">(), row.Get<"kind">(), number), ReadTexts(row));
  }
  for (const auto& [number, change] : changes) {
    const auto now = statements_->TextsAt(number, state.sequence);
    if (now == change.before) continue;
    // FTS5 3.53 and before loses what follows in a list where one step removes a record from it and adds it again, so
    // only what differs is written. Each record that is removed and each that is added counts as one.
    const Words before = change.before ? WordsOf(change.before->name, change.before->search) : Words();
    const Words after = now ? WordsOf(now->name, now->search) : Words();
    if (change.before) entries.push_back({change.row, true, Difference(before, after), change.before->name});
    if (now) entries.push_back({change.row, false, Difference(after, before), now->name});
  }
  return looked_at == kChangesAStep;
}

bool SearchIndex::TakeRecords(State& state, std::vector<NewRecord>& records) {
  const bool changed_since = statements_->change_behind.With(state.sequence).Step();
  std::int64_t looked_at = 0;
  std::size_t bytes = 0;
  for (auto row = statements_->records.With(state.number, kRecordsAStep); row.Step();) {
    const auto number = row.Get<"number">();
    const auto venue = row.Get<"venue">();
    if (number >= IndexedRecord::kNumberEnd || venue >= IndexedRecord::kVenueEnd) return false;
    state.number = number;
    ++looked_at;
    auto texts = changed_since ? statements_->TextsAt(number, state.sequence) : ReadTexts(row);
    if (!texts) continue;
    bytes += texts->name.size() + texts->search.size() * kSearchWordBytes;
    records.push_back({.row = IndexedRecord::RowOf(venue, row.Get<"kind">(), number),
                       .name = std::move(texts->name),
                       .search = std::move(texts->search)});
    if (bytes > kBytesAStep) return true;
  }
  return looked_at == kRecordsAStep;
}

}  // namespace shakehook::sqlite
