#include "store/sqlite/engine/checkpoint_writes.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "store/sqlite/database_file.h"
#include "testing/temporary_folder.h"

namespace shakehook::sqlite {
namespace {

constexpr int kPages = 100;

class CheckpointWritesTest : public testing::Test {
 protected:
  CheckpointWritesTest()
      : path_(folder_.File("checkpoints.db")),
        second_(Made(path_)),
        writer_(path_, Access::kReadWrite),
        mover_(path_, Access::kReadWrite, WrittenInPieces()) {
    writer_.Execute("PRAGMA journal_mode = WAL");
    writer_.Execute("PRAGMA wal_autocheckpoint = 0");
    writer_.Execute("CREATE TABLE t (bytes BLOB)");
    Statement insert(writer_, "INSERT INTO t VALUES (zeroblob(4000))");
    for (int i = 0; i < kPages; ++i) insert.Run();
    mover_.Integer("SELECT count(*) FROM t");
  }
  static const std::string& Made(const std::string& path) {
    Connection(path, Access::kReadWrite).Execute("PRAGMA user_version = 1");
    return path;
  }

  struct Moved {
    int code, in_log, in_database;
  };
  Moved Move() {
    Moved moved{};
    moved.code =
        sqlite3_wal_checkpoint_v2(mover_.get(), nullptr, SQLITE_CHECKPOINT_PASSIVE, &moved.in_log, &moved.in_database);
    return moved;
  }

  TemporaryFolder folder_;
  const std::string path_;
  const SecondDescriptor second_;
  Connection writer_;
  Connection mover_;
};

TEST_F(CheckpointWritesTest, MoveAllOfTheLog) {
  WriteOutBy(mover_, second_.get());
  const Moved moved = Move();
  EXPECT_EQ(moved.code, SQLITE_OK);
  EXPECT_GT(moved.in_log, kPages);
  EXPECT_EQ(moved.in_database, moved.in_log);
}

// The system reports an error of the disk only once: SQLite must hear of it then, or it counts lost pages as moved.
TEST_F(CheckpointWritesTest, ThatCannotBeWrittenOutLeaveAllInTheLog) {
  const int closed = dup(STDIN_FILENO);
  close(closed);
  WriteOutBy(mover_, closed);
  EXPECT_EQ(Move().code, SQLITE_IOERR_WRITE);
  WriteOutBy(mover_, second_.get());
  const Moved moved = Move();
  EXPECT_EQ(moved.code, SQLITE_OK);
  EXPECT_EQ(moved.in_database, moved.in_log);
}

TEST_F(CheckpointWritesTest, AreLeftToTheSyncWhereTheFileSystemKnowsNoWritingOut) {
  int pipe_ends[2];
  ASSERT_EQ(pipe(pipe_ends), 0);
  WriteOutBy(mover_, pipe_ends[1]);  // ESPIPE
  EXPECT_EQ(Move().code, SQLITE_OK);
  for (const int end : pipe_ends) close(end);
}

}  // namespace
}  // namespace shakehook::sqlite
