#include "store/sqlite/tables/search_texts.h"

#include <gtest/gtest.h>

#include "model/search_text.h"
#include "store/sqlite/engine/migrations.h"
#include "testing/temporary_folder.h"

namespace shakehook::sqlite {
namespace {

class SearchTexts : public testing::Test {
 protected:
  SearchTexts() : connection_(folder_.File("texts.db"), Access::kReadWrite) {
    Migrate(connection_);
    BringSearchTextsUpToDate(connection_);
  }

  // Stores the texts that a program with another form would store.
  void Fill(int contacts) {
    connection_.Execute(
        "WITH RECURSIVE c (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM c WHERE i < " + std::to_string(contacts) +
        ") INSERT INTO resource (number, venue, kind, id, version, last_timestamp, last_event, data, search, sort_name,"
        " created_at) SELECT i, 1, 1, 'c' || i, 1, 1, i,"
        " json_object('id', 'c' || i, 'first_name', 'Zoé', 'created_at', 1), 'zoé c' || i, 'ZOÉ', 1 FROM c");
    connection_.Execute("UPDATE search_text_form SET form = 0, done = 0");
  }
  std::int64_t Count(const std::string& where) {
    return connection_.Integer("SELECT count(*) FROM resource WHERE " + where);
  }

  TemporaryFolder folder_;
  Connection connection_;
};

TEST_F(SearchTexts, AreMadeAgainInAllRecordsOfAnotherForm) {
  Fill(2 * kSearchTextsAtOnce + 1);
  connection_.Execute("UPDATE resource SET data = NULL, search = NULL, sort_name = NULL WHERE number = 7");
  BringSearchTextsUpToDate(connection_);
  EXPECT_EQ(Count("search = 'zoe c' || number AND sort_name = 'zoe'"), 2 * kSearchTextsAtOnce);
  EXPECT_EQ(Count("search IS NULL AND sort_name IS NULL"), 1);
  EXPECT_EQ(connection_.Integer("SELECT form FROM search_text_form"), kSearchTextForm);
  // The index that lists are searched in has them too.
  EXPECT_EQ(connection_.Integer("SELECT count(*) FROM resource INDEXED BY resource_created WHERE venue = 1 AND kind = 1"
                                " AND created_at IS NOT NULL AND search LIKE 'zoe %'"),
            2 * kSearchTextsAtOnce);
}

TEST_F(SearchTexts, AreNotMadeAgainWhereTheyHaveTheForm) {
  Fill(1);
  connection_.Execute("UPDATE search_text_form SET form = " + std::to_string(kSearchTextForm));
  BringSearchTextsUpToDate(connection_);
  EXPECT_EQ(Count("search = 'zoé c1'"), 1);
}

TEST_F(SearchTexts, GoOnWhereAnEarlierStartWasEnded) {
  Fill(10);
  connection_.Execute("UPDATE search_text_form SET done = 4");
  BringSearchTextsUpToDate(connection_);
  EXPECT_EQ(Count("search = 'zoé c' || number"), 4);
  EXPECT_EQ(Count("search = 'zoe c' || number"), 6);
}

}  // namespace
}  // namespace shakehook::sqlite
