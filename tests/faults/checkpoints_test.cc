// The checkpoint thread on a disk that fails for a while: the log starts over once the disk works again, and every
// committed change is there.

#include "store/sqlite/checkpoints.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <optional>
#include <string>
#include <tuple>

#include "base/log.h"
#include "store/sqlite/database_file.h"
#include "store/sqlite/engine/log_writes.h"
#include "testing/failing_disk.h"
#include "testing/temporary_folder.h"

namespace shakehook::sqlite {
namespace {

using Call = FailingDisk::Call;

constexpr int kFrameBytes = 4096 + 24;
constexpr Checkpoints::Lengths kShortLengths{.moved = 400, .most = 1'200};

class CheckpointsOnAFailingDisk : public testing::TestWithParam<std::tuple<Call, int>> {
 protected:
  CheckpointsOnAFailingDisk()
      : disk_(FailingDisk::Instance()),
        path_(folder_.File("checkpoints.db")),
        writer_(path_, Access::kReadWrite, GatheredLogWrites()) {
    SetUpLog(LogFormat::kText, LogLevel::kOff);
    writer_.Execute("PRAGMA journal_mode = WAL");
    writer_.Execute("PRAGMA synchronous = FULL");
    writer_.Execute("CREATE TABLE t (n INTEGER PRIMARY KEY, text BLOB)");
    second_descriptor_.emplace(path_);
    checkpoints_.emplace(writer_, path_, second_descriptor_->get(), SynchronousSetting(Switch::kOn),
                         Checkpoints::Mode::kThread, kShortLengths, metrics_);
  }
  ~CheckpointsOnAFailingDisk() override {
    disk_.Heal();
    SetUpLog(LogFormat::kText, LogLevel::kInfo);
  }

  // Returns how many worked. Each is at least one frame of the log.
  int Commit(int commits) {
    Statement insert(writer_, "INSERT INTO t (text) VALUES (zeroblob(3000))");
    int worked = 0;
    for (int i = 0; i < commits; ++i) {
      try {
        insert.Run();
        ++worked;
      } catch (const SqliteError&) {
        continue;
      }
      checkpoints_->AfterCommit();
    }
    return worked;
  }

  FailingDisk& disk_;
  TemporaryFolder folder_;
  const std::string path_;
  std::optional<SecondDescriptor> second_descriptor_;
  Connection writer_;
  prometheus::Registry registry_;
  StoreMetrics metrics_{registry_};
  std::optional<Checkpoints> checkpoints_;
};

TEST_P(CheckpointsOnAFailingDisk, BeginTheLogAnewOnceItWorksAgain) {
  const auto [call, code] = GetParam();
  int committed = Commit(300);
  ASSERT_EQ(committed, 300);
  disk_.Fail(call, code, 150);  // in the first checkpoint, or soon after
  committed += Commit(1'000);
  disk_.Heal();
  EXPECT_GT(disk_.failed(), 0);
  committed += Commit(4'000);
  EXPECT_LT(std::filesystem::file_size(path_ + "-wal") / kFrameBytes, 5'000U);  // it would have 10,000
  // A commit that could not be synced was refused, and may be there all the same.
  EXPECT_GE(writer_.Integer("SELECT count(*) FROM t"), committed);
  EXPECT_EQ(writer_.Text("PRAGMA integrity_check"), "ok");
}

INSTANTIATE_TEST_SUITE_P(Calls, CheckpointsOnAFailingDisk,
                         testing::Values(std::tuple(Call::kSync, SQLITE_IOERR_FSYNC),
                                         std::tuple(Call::kWrite, SQLITE_FULL),
                                         std::tuple(Call::kWrite, SQLITE_IOERR_WRITE),
                                         std::tuple(Call::kRead, SQLITE_IOERR_READ)));

}  // namespace
}  // namespace shakehook::sqlite
