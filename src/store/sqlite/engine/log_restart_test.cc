#include "store/sqlite/engine/log_restart.h"

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "store/sqlite/database_file.h"
#include "store/sqlite/engine/wrapped_file.h"
#include "testing/checkpoint_window.h"
#include "testing/temporary_folder.h"

namespace shakehook::sqlite {
namespace {

// A database as the server opens it, and checkpoints by a connection without the rules: another program's.
class LogRestart : public testing::TestWithParam<Switch> {
 protected:
  LogRestart()
      : window_(SystemVfs()->zName,
                [this] {
                  if (between_) std::exchange(between_, nullptr)();
                }),
        path_(folder_.File("restart.db")),
        writer_(*OpenDatabase(path_, GetParam())) {
    writer_->Execute("CREATE TABLE t (n INTEGER PRIMARY KEY, text BLOB)");
    sqlite3_wal_autocheckpoint(writer_->get(), 0);
    other_.emplace(path_, Access::kReadWrite, SystemVfs()->zName);
    other_->Integer("SELECT count(*) FROM t");
  }

  void Commit(int commits) {
    Statement insert(*writer_, "INSERT INTO t (text) VALUES (zeroblob(3000))");
    for (int i = 0; i < commits; ++i) insert.Run();
    committed_ += commits;
  }
  void Checkpoint() {
    EXPECT_EQ(sqlite3_wal_checkpoint_v2(other_->get(), nullptr, SQLITE_CHECKPOINT_PASSIVE, nullptr, nullptr),
              SQLITE_OK);
  }
  // Returns the frames in the log, as the last commit reported them.
  int LogFrames() {
    int frames = 0;
    const auto count = [](void* result, sqlite3*, const char*, int in_log) {
      *static_cast<int*>(result) = in_log;
      return SQLITE_OK;
    };
    sqlite3_wal_hook(writer_->get(), count, &frames);
    Commit(1);
    sqlite3_wal_hook(writer_->get(), nullptr, nullptr);
    return frames;
  }
  std::int64_t Seen() { return Connection(path_, Access::kReadOnly).Integer("SELECT count(*) FROM t WHERE n > 0"); }
  std::string Soundness() { return Connection(path_, Access::kReadOnly).Text("PRAGMA integrity_check"); }

  std::function<void()> between_;  // runs once, in the next checkpoint
  CheckpointWindow window_;
  TemporaryFolder folder_;
  const std::string path_;
  std::unique_ptr<Connection> writer_;
  std::optional<Connection> other_;
  int committed_ = 0;
};

TEST_P(LogRestart, HappensOnceAllIsMoved) {
  Commit(100);
  Checkpoint();
  EXPECT_LT(LogFrames(), 20);
}

TEST_P(LogRestart, DoesNotHappenWhileACheckpointHasReadTheHeader) {
  Commit(100);
  Checkpoint();
  int frames = 0;
  between_ = [this, &frames] { frames = LogFrames(); };
  Checkpoint();
  EXPECT_FALSE(between_) << "the checkpoint did not come by";
  EXPECT_GT(frames, 100);
  Checkpoint();  // moves what was committed in between
  EXPECT_LT(LogFrames(), 20);
}

// Lost commits, and "database disk image is malformed", with SQLite 3.7.0 to 3.51.2.
TEST_P(LogRestart, LosesNoCommitToACheckpointThatBeganWithAnOldHeader) {
  for (int round = 0; round < 5; ++round) {
    Commit(60);
    Checkpoint();
    between_ = [this] { Commit(9); };
    Checkpoint();
    Commit(15);
    Checkpoint();
    Commit(30);
    ASSERT_EQ(Seen(), committed_);
  }
  EXPECT_EQ(Soundness(), "ok");
  other_.reset();
  writer_.reset();  // the last one moves the rest
  EXPECT_EQ(Seen(), committed_);
  EXPECT_EQ(Soundness(), "ok");
}

INSTANTIATE_TEST_SUITE_P(LogWrites, LogRestart, testing::Values(Switch::kOn, Switch::kOff),
                         [](const auto& gathers) { return gathers.param == Switch::kOn ? "Gathered" : "AsTheyCome"; });

}  // namespace
}  // namespace shakehook::sqlite
