#include "store/sqlite/tables/search_index.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "store/sqlite/database_file.h"
#include "store/sqlite/tables/search_candidates.h"
#include "testing/temporary_folder.h"

namespace shakehook::sqlite {
namespace {

namespace fs = std::filesystem;

class SearchIndexFile : public testing::Test {
 protected:
  SearchIndexFile() : random_(1) { OpenAll(); }

  void OpenAll() {
    writer_ = *OpenDatabase(path_, Switch::kOff);
    index_ = SearchIndex::Open(*writer_, path_, Switch::kOff, random_);
    ASSERT_TRUE(index_);
  }
  void CloseAll() {
    index_.reset();
    writer_.reset();
  }
  void Add(std::int64_t number, const std::string& text) {
    Statement(*writer_,
              "INSERT INTO resource (number, venue, kind, id, version, last_timestamp, last_event, data, search, "
              "sort_name, created_at) VALUES (?1, 1, 1, ?1, 1, 1, 1, '{}', ?2, '', 1)")
        .Run(number, text);
  }
  void Change(std::int64_t number, const std::string& text) {
    Statement(*writer_,
              "INSERT INTO search_change (number, venue, kind, name, search) SELECT number, venue, kind, sort_name, "
              "search FROM resource WHERE number = ?1")
        .Run(number);
    Statement(*writer_, "UPDATE resource SET search = ?2 WHERE number = ?1").Run(number, text);
  }
  std::int64_t StepAll() {
    SearchIndex::Progress progress{.more = true};
    while (progress.more) progress = index_->Step();
    return progress.sequence;
  }
  void Forget(std::int64_t sequence) {
    Statement(*writer_, "DELETE FROM search_change WHERE sequence <= ?1").Run(sequence);
    Statement(*writer_, "UPDATE search_index SET forgotten = ?1").Run(sequence);
  }
  // Up to which number it has all.
  std::int64_t Known() {
    Connection file(SearchIndexPath(path_), Access::kReadOnly);
    return file.Integer("SELECT number FROM state");
  }
  std::vector<std::int64_t> CandidatesOf(const char* text) {
    Connection reader(path_, Access::kReadOnly);
    SearchCandidates candidates(reader, path_);
    std::vector<std::int64_t> numbers;
    auto scan = candidates.Begin(SearchQuery(text), {1}, ResourceKind::kContact);
    if (!scan) return {-1};
    const auto look = [&numbers](std::int64_t number) { numbers.push_back(number); };
    while (candidates.Continue(*scan, SearchCandidates::kCandidatesARead, look) == Progress::kGoesOn) {
    }
    std::ranges::sort(numbers);
    return numbers;
  }
  void CopyDatabase(const std::string& from, const std::string& to) {
    for (const char* part : {"", "-wal"}) {
      fs::remove(to + part);
      if (fs::exists(from + part)) fs::copy_file(from + part, to + part);
    }
    fs::remove(to + "-shm");
  }

  using Numbers = std::vector<std::int64_t>;

  TemporaryFolder folder_;
  const std::string path_ = folder_.File("index.db");
  SeededRandom random_;
  std::unique_ptr<Connection> writer_;
  std::unique_ptr<SearchIndex> index_;
};

TEST_F(SearchIndexFile, GoesOnWhereItWasWhenItWasClosed) {
  Add(1, "zoe martin");
  StepAll();
  CloseAll();
  OpenAll();
  EXPECT_EQ(Known(), 1);
  Add(2, "zoe bernard");
  EXPECT_EQ(CandidatesOf("zoe"), (Numbers{1, 2}));  // the second is not in the index
  StepAll();
  EXPECT_EQ(Known(), 2);
  EXPECT_EQ(CandidatesOf("zoe"), (Numbers{1, 2}));
}

TEST_F(SearchIndexFile, IsForItsOwnersEyesAlone) {
  EXPECT_EQ(fs::status(SearchIndexPath(path_)).permissions(), fs::perms::owner_read | fs::perms::owner_write);
}

TEST_F(SearchIndexFile, IsMadeAgainWhereItIsMissing) {
  Add(1, "zoe martin");
  StepAll();
  CloseAll();
  RemoveSearchIndex(path_);
  OpenAll();
  EXPECT_EQ(Known(), 0);
  StepAll();
  EXPECT_EQ(CandidatesOf("martin"), (Numbers{1}));
}

TEST_F(SearchIndexFile, IsMadeAgainWhereItIsDamaged) {
  Add(1, "zoe martin");
  StepAll();
  CloseAll();
  RemoveSearchIndex(path_);
  std::ofstream(SearchIndexPath(path_)) << std::string(20'000, 'x');
  OpenAll();
  EXPECT_EQ(Known(), 0);
}

TEST_F(SearchIndexFile, IsMadeAgainWhereItIsOfAnotherDatabase) {
  Add(1, "zoe martin");
  StepAll();
  CloseAll();
  const std::string other = folder_.File("other.db");
  {
    const auto writer = *OpenDatabase(other, Switch::kOff);
    ASSERT_TRUE(SearchIndex::Open(*writer, other, Switch::kOff, random_));
  }
  CopyDatabase(SearchIndexPath(other), SearchIndexPath(path_));
  OpenAll();
  StepAll();
  EXPECT_EQ(CandidatesOf("martin"), (Numbers{1}));
}

TEST_F(SearchIndexFile, IsMadeAgainWhereTheRulesOfSearchingChange) {
  Add(1, "zoe martin");
  StepAll();
  CloseAll();
  Connection(SearchIndexPath(path_), Access::kReadWrite).Execute("UPDATE state SET text_form = text_form - 1");
  OpenAll();
  EXPECT_EQ(Known(), 0);
}

// A copy of the database's file, put back while the server does not run.
TEST_F(SearchIndexFile, IsMadeAgainWhereAnOlderDatabaseWasPutBack) {
  Add(1, "zoe martin");
  StepAll();
  CloseAll();
  const std::string copy = folder_.File("copy.db");
  CopyDatabase(path_, copy);
  OpenAll();
  Change(1, "zoe dupont");
  Forget(StepAll());
  CloseAll();
  CopyDatabase(copy, path_);
  OpenAll();
  EXPECT_EQ(Known(), 0);
  StepAll();
  EXPECT_EQ(CandidatesOf("martin"), (Numbers{1}));
  CloseAll();
  CopyDatabase(path_, copy);
  OpenAll();
  Add(2, "zoe dupont");
  StepAll();
  CloseAll();
  CopyDatabase(copy, path_);
  OpenAll();
  EXPECT_EQ(Known(),
            0);  // its number 2 is not the one that the database will give
}

// As after a loss of power, where the disk lies.
TEST_F(SearchIndexFile, IsMadeAgainWhereItKnowsLessThanTheDatabaseHasForgotten) {
  Add(1, "zoe martin");
  StepAll();
  CloseAll();
  const std::string copy = folder_.File("copy");
  CopyDatabase(SearchIndexPath(path_), copy);
  OpenAll();
  Change(1, "zoe dupont");
  Forget(StepAll());
  CloseAll();
  CopyDatabase(copy, SearchIndexPath(path_));
  OpenAll();
  EXPECT_EQ(Known(), 0);
  StepAll();
  EXPECT_EQ(CandidatesOf("dupont"), (Numbers{1}));
}

TEST_F(SearchIndexFile, OfChangesThatItDoesNotKnowIsStillRight) {
  Add(1, "zoe martin");
  StepAll();
  Change(1, "zoe dupont");
  EXPECT_EQ(CandidatesOf("dupont"), (Numbers{1}));
  Change(1, "zoe bernard");
  Change(1, "zoe moreau");
  EXPECT_EQ(CandidatesOf("moreau"), (Numbers{1}));
  Forget(StepAll());
  EXPECT_EQ(CandidatesOf("moreau"), (Numbers{1}));
  EXPECT_EQ(CandidatesOf("martin"), Numbers());
  EXPECT_EQ(CandidatesOf("dupont"), Numbers());
}

TEST_F(SearchIndexFile, IsOfNoUseWhereItKnowsTooLittle) {
  writer_->Execute("BEGIN");
  for (int i = 1; i <= SearchCandidates::kUnknownMax + 1; ++i) Add(i, "zoe " + std::to_string(i));
  writer_->Execute("COMMIT");
  EXPECT_EQ(CandidatesOf("zoe"), (Numbers{-1}));
  index_->Step();
  EXPECT_EQ(CandidatesOf("zoe").size(), static_cast<std::size_t>(SearchCandidates::kUnknownMax + 1));
}

TEST_F(SearchIndexFile, TakesTextsOfAnyLengthInBoundedSteps) {
  for (int i = 1; i <= 400; ++i) {
    std::string text;
    for (int k = 0; k < 6'000; ++k) text += static_cast<char>('a' + random_.Below(26));
    Add(i, text);
  }
  EXPECT_TRUE(index_->Step().more);
  EXPECT_LT(Known(), 400);
  StepAll();
  EXPECT_EQ(Known(), 400);
}

}  // namespace
}  // namespace shakehook::sqlite
