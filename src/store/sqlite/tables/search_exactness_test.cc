// Searches by the index find exactly what a walk through the records finds, by seed: after random changes, however much
// of them the index knows, in every order, page by page.

#include "store/sqlite/tables/search_exactness_fixture.h"

namespace shakehook::sqlite {
namespace {

TEST_P(SearchExactness, FindsWhatAWalkFindsHoweverMuchTheIndexKnows) {
  for (int round = 0; round < 40; ++round) {
    writer_->Execute("BEGIN");
    for (std::uint64_t i = random_.Below(200); i > 0; --i) records_.ChangeOne();
    writer_->Execute("COMMIT");
    if (random_.Below(3) == 0) {
      const auto progress = index_->Step();
      if (random_.Below(2) == 0) records_.Forget(progress.sequence);
    }
    ASSERT_NO_FATAL_FAILURE(CompareAll());
  }
  EXPECT_GT(found_, 100u);
  EXPECT_GT(in_parts_, 0u);
}

// An index of other rules has other words. It is made again behind the searches, which are right before, meanwhile and
// after.
TEST_P(SearchExactness, IsKeptWhileAnIndexOfAnOlderFormIsMadeAgain) {
  const auto change = [this] {
    writer_->Execute("BEGIN");
    for (int i = 0; i < 300; ++i) records_.ChangeOne();
    writer_->Execute("COMMIT");
  };
  change();
  while (index_->Step().more) {
  }
  session_.reset();
  index_.reset();
  {
    Connection file(SearchIndexPath(path_), Access::kReadWrite);
    EXPECT_GT(file.Integer("SELECT number FROM state"), 0);
    file.Execute("UPDATE state SET gram_form = gram_form - 1");
    file.Execute("INSERT INTO gram (gram) VALUES ('delete-all')");
  }
  index_ = SearchIndex::Open(*writer_, path_, Switch::kOff, random_);
  EXPECT_EQ(Connection(SearchIndexPath(path_), Access::kReadOnly).Integer("SELECT number FROM state"), 0);
  session_ = std::make_unique<ReadSession>(path_);
  ASSERT_NO_FATAL_FAILURE(CompareAll("i12"));
  change();
  ASSERT_NO_FATAL_FAILURE(CompareAll("i12"));
  const auto progress = index_->Step();
  records_.Forget(progress.sequence);
  EXPECT_GT(Connection(SearchIndexPath(path_), Access::kReadOnly).Integer("SELECT number FROM state"), 0);
  ASSERT_NO_FATAL_FAILURE(CompareAll("i12"));
  EXPECT_GT(found_, 10u);
}

// Removed grams are gone, and nothing was counted that is not there.
TEST_P(SearchExactness, LeavesNothingInTheIndexOfWhatIsDeleted) {
  for (int round = 0; round < 10; ++round) {
    writer_->Execute("BEGIN");
    for (int i = 0; i < 150; ++i) records_.ChangeOne();
    writer_->Execute("COMMIT");
    if (round % 2 == 0) index_->Step();
  }
  writer_->Execute(
      "INSERT INTO search_change (number, venue, kind, name, search) SELECT number, venue, kind, sort_name, search "
      "FROM resource WHERE data IS NOT NULL");
  writer_->Execute("UPDATE resource SET data = NULL, search = NULL, created_at = NULL");
  while (index_->Step().more) {
  }
  Connection file(SearchIndexPath(path_), Access::kReadWrite);
  file.Execute("CREATE VIRTUAL TABLE temp.words USING fts5vocab (main, gram, 'row')");
  EXPECT_EQ(file.Integer("SELECT count(*) FROM words"), 0);
  EXPECT_EQ(file.Integer("SELECT count(*) FROM name"), 0);
  file.Execute("INSERT INTO gram (gram) VALUES ('integrity-check')");
}

INSTANTIATE_TEST_SUITE_P(Seeds, SearchExactness, testing::Range<std::uint64_t>(1, 9));

}  // namespace
}  // namespace shakehook::sqlite
