#include "store/sqlite/checkpoints.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <optional>
#include <string>

#include "store/sqlite/database_file.h"
#include "testing/temporary_folder.h"

namespace shakehook::sqlite {
namespace {

constexpr int kFrameBytes = 4096 + 24;
constexpr Checkpoints::Lengths kShortLengths{.moved = 1'000, .most = 3'000};

class CheckpointsTest : public testing::TestWithParam<Checkpoints::Mode> {
 protected:
  CheckpointsTest() : path_(folder_.File("checkpoints.db")), writer_(path_, Access::kReadWrite) {
    writer_.Execute("PRAGMA journal_mode = WAL");
    writer_.Execute("PRAGMA synchronous = OFF");
    writer_.Execute("CREATE TABLE t (n INTEGER PRIMARY KEY, text BLOB)");
    second_descriptor_.emplace(path_);
    checkpoints_.emplace(writer_, path_, second_descriptor_->get(), "OFF", GetParam(), kShortLengths);
  }

  // Each at least one frame of the log.
  void Commit(int commits) {
    Statement insert(writer_, "INSERT INTO t (text) VALUES (zeroblob(3000))");
    for (int i = 0; i < commits; ++i) {
      insert.Run();
      checkpoints_->AfterCommit();
    }
    committed_ += commits;
  }
  std::uintmax_t LogFrames() const { return std::filesystem::file_size(path_ + "-wal") / kFrameBytes; }
  std::int64_t Seen() { return Connection(path_, Access::kReadOnly).Integer("SELECT count(*) FROM t"); }

  TemporaryFolder folder_;
  const std::string path_;
  std::optional<SecondDescriptor> second_descriptor_;
  Connection writer_;
  std::optional<Checkpoints> checkpoints_;
  int committed_ = 0;
};

TEST_P(CheckpointsTest, LetTheLogBeginAnewWhileChangesGoOn) {
  Commit(10'000);
  EXPECT_LT(LogFrames(), 4'000U);  // it would have 20,000
  EXPECT_EQ(Seen(), committed_);
}

TEST_P(CheckpointsTest, WaitForAReaderThatIsInTheLogAndGoOnOnceItHasLeft) {
  Connection reader(path_, Access::kReadOnly);
  Commit(10);
  reader.Execute("BEGIN");
  EXPECT_EQ(reader.Integer("SELECT count(*) FROM t"), 10);
  Commit(4'000);
  const std::uintmax_t grown = LogFrames();
  EXPECT_GT(grown, 4'000U);
  EXPECT_EQ(reader.Integer("SELECT count(*) FROM t"), 10) << "its snapshot";
  reader.Execute("COMMIT");
  Commit(10'000);
  EXPECT_LT(LogFrames(), grown + 4'000U);
  EXPECT_EQ(Seen(), committed_);
}

TEST_P(CheckpointsTest, EndInTheMiddleWithoutLoss) {
  Commit(600);
  checkpoints_.reset();
  EXPECT_EQ(Seen(), committed_);
  Statement check(writer_, "PRAGMA integrity_check");
  auto row = check.With();
  ASSERT_TRUE(row.Step());
  EXPECT_EQ(row.Text(0), "ok");
}

INSTANTIATE_TEST_SUITE_P(Modes, CheckpointsTest,
                         testing::Values(Checkpoints::Mode::kThread, Checkpoints::Mode::kInline), [](const auto& mode) {
                           return mode.param == Checkpoints::Mode::kThread ? "Thread" : "Inline";
                         });

}  // namespace
}  // namespace shakehook::sqlite
