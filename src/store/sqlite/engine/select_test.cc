#include "store/sqlite/engine/select.h"

#include <gtest/gtest.h>

#include "testing/temporary_folder.h"

namespace shakehook::sqlite {
namespace {

struct ThingColumns
    : Columns<Column<"thing.id", std::string>, Column<"kind.id AS kind_id", std::optional<std::int64_t>>,
              Column<"number + 1 AS next", std::int64_t>, Column<"made_at", Timestamp>> {};

class SelectTest : public testing::Test {
 protected:
  SelectTest() : connection_(folder_.File("some.db"), Access::kReadWrite) {
    connection_.Execute("CREATE TABLE thing (id TEXT, kind INTEGER, number INTEGER, made_at INTEGER)");
    connection_.Execute("CREATE TABLE kind (id INTEGER)");
    connection_.Execute("INSERT INTO kind (id) VALUES (7)");
    connection_.Execute("INSERT INTO thing (id, kind, number, made_at) VALUES ('a', 7, 3, 1000), ('b', NULL, 4, 2000)");
  }

  const TemporaryFolder folder_;
  Connection connection_;
};

TEST_F(SelectTest, ReadsColumnsByTheirNames) {
  Select<ThingColumns> select(connection_, "FROM thing LEFT JOIN kind ON kind.id = thing.kind WHERE number >= ?1");
  auto row = select.With(3);
  ASSERT_TRUE(row.Step());
  EXPECT_EQ(row.Get<"made_at">(), FromUnixMs(1000));
  EXPECT_EQ(row.Get<"next">(), 4);
  EXPECT_EQ(row.Get<"kind_id">(), 7);
  EXPECT_EQ(row.Get<"id">(), "a");
  ASSERT_TRUE(row.Step());
  EXPECT_EQ(row.Get<"kind_id">(), std::nullopt);
  EXPECT_FALSE(row.Step());
}

TEST_F(SelectTest, KnowsNoNameThatIsNotThereOrThereTwice) {
  static_assert(ThingColumns::IndexOf("next") == 2);
  static_assert(ThingColumns::IndexOf("number") == -1);
  static_assert(Columns<Column<"thing.id", int>, Column<"kind.id", int>>::IndexOf("id") == -1);
  EXPECT_EQ(ThingColumns::Text(), "thing.id, kind.id AS kind_id, number + 1 AS next, made_at");
}

TEST_F(SelectTest, RefusesAStatementWithOtherColumns) {
  using Two = Columns<Column<"id", std::string>, Column<"number", int>>;
  Select<Two> fits(connection_, WholeStatement{"SELECT id, kind AS number FROM thing"});
  EXPECT_TRUE(fits.With().Step());
  EXPECT_DEATH(Select<Two>(connection_, WholeStatement{"SELECT number, id FROM thing"}), "");
  EXPECT_DEATH(Select<Two>(connection_, WholeStatement{"SELECT id FROM thing"}), "");
  EXPECT_DEATH(SelectOne<int>(connection_, "SELECT id, number FROM thing"), "");
}

TEST_F(SelectTest, ReturnsTheFirstValueOfOneColumn) {
  SelectOne<std::int64_t> number(connection_, "SELECT number FROM thing WHERE id = ?1");
  EXPECT_EQ(number.First("b"), 4);
  EXPECT_EQ(number.First("c"), std::nullopt);
}

}  // namespace
}  // namespace shakehook::sqlite
