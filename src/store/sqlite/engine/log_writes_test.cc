#include "store/sqlite/engine/log_writes.h"

#include <gtest/gtest.h>

#include <string>

#include "store/sqlite/engine/sqlite.h"
#include "testing/temporary_folder.h"

namespace shakehook::sqlite {
namespace {

constexpr int kRows = 2'000;
constexpr int kRowBytes = 700;

class LogWrites : public testing::Test {
 protected:
  LogWrites() : path_(folder_.File("log.db")), writer_(path_, Access::kReadWrite, GatheredLogWrites()) {
    writer_.Execute("PRAGMA journal_mode = WAL");
    writer_.Execute("PRAGMA synchronous = FULL");
    writer_.Execute("CREATE TABLE t (n INTEGER PRIMARY KEY, text TEXT)");
  }

  void Insert(int count) {
    Statement insert(writer_, "INSERT INTO t (text) VALUES (?1)");
    for (int i = 0; i < count; ++i) insert.Run(std::string(kRowBytes, 'x'));
  }
  // Returns the rows that a connection without this VFS sees.
  std::int64_t Seen() {
    Connection reader(path_, Access::kReadOnly);
    return reader.Integer("SELECT count(*) FROM t WHERE length(text) = " + std::to_string(kRowBytes));
  }
  bool Sound() { return writer_.Text("PRAGMA integrity_check") == "ok"; }

  TemporaryFolder folder_;
  const std::string path_;
  Connection writer_;
};

TEST_F(LogWrites, ShowEachCommitToOtherConnectionsAtOnce) {
  for (int commits = 1; commits <= 50; ++commits) {
    Insert(1);
    EXPECT_EQ(Seen(), commits);
  }
}

TEST_F(LogWrites, AreFoundAgainByTheTransactionThatOutgrewItsCache) {
  writer_.Execute("PRAGMA cache_size = 10");  // pages go to the log, and are read back, before the commit
  writer_.Execute("BEGIN IMMEDIATE");
  Insert(kRows);
  EXPECT_EQ(writer_.Integer("SELECT count(*) FROM t"), kRows);
  writer_.Execute("UPDATE t SET n = -n WHERE n % 3 = 0");
  EXPECT_EQ(Seen(), 0);
  writer_.Execute("COMMIT");
  EXPECT_EQ(Seen(), kRows);
  EXPECT_TRUE(Sound());
}

TEST_F(LogWrites, LeaveNothingOfWhatWasRolledBack) {
  writer_.Execute("PRAGMA cache_size = 10");
  Insert(10);
  writer_.Execute("BEGIN IMMEDIATE");
  Insert(kRows);
  writer_.Execute("ROLLBACK");
  Insert(10);
  EXPECT_EQ(Seen(), 20);
  EXPECT_TRUE(Sound());
}

TEST_F(LogWrites, SurviveCheckpointsAndANewBeginningOfTheLog) {
  for (int round = 1; round <= 5; ++round) {
    writer_.Execute("BEGIN IMMEDIATE");
    Insert(kRows);
    writer_.Execute("COMMIT");
    writer_.Execute(round % 2 == 0 ? "PRAGMA wal_checkpoint(TRUNCATE)" : "PRAGMA wal_checkpoint(RESTART)");
    EXPECT_EQ(Seen(), round * kRows);
  }
  EXPECT_TRUE(Sound());
}

}  // namespace
}  // namespace shakehook::sqlite
