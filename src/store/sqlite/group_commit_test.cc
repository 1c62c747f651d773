#include "store/sqlite/group_commit.h"

#include <gtest/gtest.h>

#include <memory>
#include <set>
#include <string>
#include <utility>

#include "base/log.h"
#include "store/sqlite/database_file.h"
#include "testing/temporary_folder.h"

namespace shakehook::sqlite {
namespace {

constexpr int kWorks = SQLITE_OK;

// Inserts a row, or fails as it is told.
class Insert final : public WriteVerb {
 public:
  Insert(asio::io_context& loop, Connection& connection, int number, int code)
      : WriteVerb(loop, {}), connection_(connection), number_(number), code_(code) {}

  void Run(WriteSession&) override {
    failed.clear();
    connection_.Execute("INSERT INTO t VALUES (" + std::to_string(number_) + ")");
    if (code_ != kWorks) throw SqliteError(code_, "no room for " + std::to_string(number_));
  }
  void Fail(const std::string& reason) override { failed = reason; }
  void Complete() override {}

  std::string failed;

 private:
  Connection& connection_;
  const int number_;
  const int code_;
};

class GroupCommitTest : public testing::Test {
 protected:
  GroupCommitTest()
      : connection_(*OpenDatabase(folder_.File("group.db"), Switch::kOff)),
        health_(*connection_),
        statistics_(*connection_),
        owed_(*connection_, health_),
        cancelations_(*connection_, health_, statistics_, owed_),
        commit_(
            *connection_, config_cache_, {health_, statistics_, owed_, cancelations_}, [this] { CheckDisk(); },
            metrics_) {
    SetUpLog(LogFormat::kText, LogLevel::kOff);
    connection_->Execute("CREATE TABLE t (n INTEGER PRIMARY KEY)");
    connection_->Execute("INSERT INTO master_key_check VALUES (x'00')");
  }
  ~GroupCommitTest() override { SetUpLog(LogFormat::kText, LogLevel::kInfo); }

  void CheckDisk() {
    ++tries_;
    if (disk_full_) throw SqliteError(SQLITE_FULL, "database or disk is full");
    if (connection_->Integer("SELECT count(*) FROM t") - committed_ > rows_max_) {
      throw SqliteError(SQLITE_FULL, "the transaction is too large");
    }
    committed_ = connection_->Integer("SELECT count(*) FROM t");
  }
  // Runs a group of `size`, of which `failing` fail with `code`. Returns those that were told that they failed.
  std::set<int> Run(int size, const std::set<int>& failing, int code) {
    GroupCommit::Group group;
    for (int i = 0; i < size; ++i) {
      const int number = next_ + i;
      group.push_back(std::make_unique<Insert>(loop_, *connection_, number, failing.contains(i) ? code : kWorks));
    }
    tries_ = 0;
    can_write_ = commit_.Run(group);
    std::set<int> failed;
    for (int i = 0; i < size; ++i) {
      const bool told = !static_cast<Insert&>(*group[static_cast<std::size_t>(i)]).failed.empty();
      const bool stored = connection_->Integer("SELECT count(*) FROM t WHERE n = " + std::to_string(next_ + i)) == 1;
      EXPECT_NE(told, stored) << i;
      if (told) failed.insert(i);
    }
    next_ += size;
    return failed;
  }

  TemporaryFolder folder_;
  const std::unique_ptr<Connection> connection_;
  asio::io_context loop_;
  ConfigCache config_cache_;
  HealthRows health_;
  StatisticsRows statistics_;
  OwedRows owed_;
  Cancelations cancelations_;
  prometheus::Registry registry_;
  StoreMetrics metrics_{registry_};
  GroupCommit commit_;
  bool disk_full_ = false;
  std::int64_t rows_max_ = INT64_MAX;
  std::int64_t committed_ = 0;
  int tries_ = 0;
  int next_ = 0;
  bool can_write_ = true;
};

TEST_F(GroupCommitTest, CommitsTheOthersOfAGroupInWhichOneVerbFails) {
  for (const int code :
       {SQLITE_CANTOPEN, SQLITE_TOOBIG, SQLITE_FULL, SQLITE_IOERR_WRITE, SQLITE_NOMEM, SQLITE_CONSTRAINT_PRIMARYKEY}) {
    EXPECT_EQ(Run(9, {4}, code), (std::set<int>{4})) << code;
    EXPECT_EQ(Run(9, {0}, code), (std::set<int>{0})) << code;
    EXPECT_EQ(Run(1, {0}, code), (std::set<int>{0})) << code;
    EXPECT_TRUE(can_write_ && commit_.writable()) << code;
  }
}

TEST_F(GroupCommitTest, CommitsTheOthersWhereSeveralFail) {
  EXPECT_EQ(Run(1'000, {0, 1, 500, 997, 999}, SQLITE_CANTOPEN), (std::set<int>{0, 1, 500, 997, 999}));
  EXPECT_TRUE(commit_.writable());
  EXPECT_LT(tries_, 30);
}

TEST_F(GroupCommitTest, CommitsInPartsWhatIsTooLargeAtOnce) {
  rows_max_ = 100;
  EXPECT_TRUE(Run(300, {}, kWorks).empty());
  EXPECT_TRUE(commit_.writable());
}

TEST_F(GroupCommitTest, GivesUpSoonWhereTheDiskFailsForAll) {
  disk_full_ = true;
  EXPECT_EQ(Run(1'000, {}, kWorks).size(), 1'000U);
  EXPECT_EQ(tries_, 2);  // the group, and a transaction of next to nothing
  EXPECT_FALSE(can_write_ || commit_.writable());
  EXPECT_EQ(Run(1'000, {}, kWorks).size(), 1'000U);
  EXPECT_EQ(tries_, 1);
  disk_full_ = false;
  EXPECT_TRUE(Run(0, {}, kWorks).empty());
  EXPECT_TRUE(can_write_ && commit_.writable());
}

// The probe changed a row to its own value, for which SQLite writes nothing: a full disk seemed to have room.
TEST_F(GroupCommitTest, WritesToFindOutWhetherItCan) {
  int frames = 0;
  const auto count = [](void* result, sqlite3*, const char*, int in_log) {
    *static_cast<int*>(result) = in_log;
    return SQLITE_OK;
  };
  sqlite3_wal_hook(connection_->get(), count, &frames);
  Run(1, {}, kWorks);
  const int before = frames;
  Run(1, {0}, SQLITE_FULL);
  EXPECT_GT(frames, before);
  EXPECT_EQ(connection_->Integer("SELECT count(*) FROM master_key_check"), 1);
}

TEST_F(GroupCommitTest, BoundsTheWorkForAGroupOfWhichAllFail) {
  std::set<int> all;
  for (int i = 0; i < 1'000; ++i) all.insert(i);
  EXPECT_EQ(Run(1'000, all, SQLITE_CANTOPEN).size(), 1'000U);
  EXPECT_TRUE(commit_.writable());
  EXPECT_LT(tries_, 200);
}

}  // namespace
}  // namespace shakehook::sqlite
