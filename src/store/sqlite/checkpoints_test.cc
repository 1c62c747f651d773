#include "store/sqlite/checkpoints.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <optional>
#include <string>
#include <utility>

#include "base/clock.h"
#include "base/mutex.h"
#include "store/sqlite/database_file.h"
#include "store/sqlite/engine/checkpoint_writes.h"
#include "testing/checkpoint_window.h"
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
    checkpoints_.emplace(writer_, path_, second_descriptor_->get(), "OFF", GetParam(), kShortLengths, metrics_);
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
  prometheus::Registry registry_;
  StoreMetrics metrics_{registry_};
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
  EXPECT_EQ(writer_.Text("PRAGMA integrity_check"), "ok");
}

// The writer stops a run when changes have waited long for the log, also one that the thread has not begun yet. Where
// the thread never hears of that run, the writer waits for its end forever.
TEST_P(CheckpointsTest, EndARunThatIsStoppedBeforeTheThreadHasBegunIt) {
  for (int round = 0; round < 20; ++round) {
    Statement insert(writer_, "INSERT INTO t (text) VALUES (zeroblob(3000))");
    for (int i = 0; i < kShortLengths.moved; ++i) insert.Run();
    committed_ += kShortLengths.moved;
    checkpoints_->AfterCommit();
    checkpoints_->AfterCommit(Microseconds(10'000'000));
  }
  Commit(2'000);
  EXPECT_EQ(Seen(), committed_);
}

// Changes come in bursts. The thread moves all of a burst; if it then begins once more, the next burst comes between
// its reading of the header and its beginning.
class BurstsBesideTheThread {
 public:
  // Runs in the thread between the two.
  void Wait() {
    const MutexLock lock(mutex_);
    const bool first = ++times_ == 1;
    for (int i = 0; !resting_ && i < kWaits; ++i) changed_.WaitFor(mutex_, kWait);
    if (first) return;
    caught_ = true;
    changed_.NotifyAll();
    const int enough = committed_ + kBurst / 4;
    for (int i = 0; committed_ < enough && i < kWaits; ++i) changed_.WaitFor(mutex_, kWait);
  }
  void Rest() {
    const MutexLock lock(mutex_);
    resting_ = true;
    changed_.NotifyAll();
    for (int i = 0; !caught_ && i < kWaits; ++i) changed_.WaitFor(mutex_, kWait);
    resting_ = caught_ = false;
    times_ = 0;
  }
  void Committed() {
    const MutexLock lock(mutex_);
    ++committed_;
    changed_.NotifyAll();
  }
  int committed() {
    const MutexLock lock(mutex_);
    return committed_;
  }

  static constexpr int kBurst = 300;

 private:
  static constexpr int kWaits = 30;
  static constexpr Microseconds kWait{1'000};

  Mutex mutex_;
  Condition changed_;
  bool resting_ GUARDED_BY(mutex_) = false;
  bool caught_ GUARDED_BY(mutex_) = false;
  int times_ GUARDED_BY(mutex_) = 0;
  int committed_ GUARDED_BY(mutex_) = 0;
};

TEST(CheckpointsThread, LosesNoneOfTheChangesThatComeInBursts) {
  constexpr int kBursts = 30;
  BurstsBesideTheThread bursts;
  const CheckpointWindow window(WrittenInPieces(), [&bursts] { bursts.Wait(); });
  const TemporaryFolder folder;
  const std::string path = folder.File("checkpoints.db");
  std::optional<SecondDescriptor> second_descriptor;  // closed after the last connection
  const auto writer = *OpenDatabase(path, Switch::kOff);
  second_descriptor.emplace(path);
  writer->Execute("CREATE TABLE t (n INTEGER PRIMARY KEY, text BLOB)");
  prometheus::Registry registry;
  StoreMetrics metrics(registry);
  std::optional<Checkpoints> checkpoints(std::in_place, *writer, path, second_descriptor->get(), "OFF",
                                         Checkpoints::Mode::kThread, Checkpoints::Lengths{.moved = 200, .most = 4'000},
                                         metrics);
  Statement insert(*writer, "INSERT INTO t (text) VALUES (zeroblob(3000))");
  for (int burst = 0; burst < kBursts; ++burst) {
    for (int i = 0; i < BurstsBesideTheThread::kBurst; ++i) {
      insert.Run();
      checkpoints->AfterCommit();
      bursts.Committed();
    }
    bursts.Rest();
    Connection reader(path, Access::kReadOnly);
    ASSERT_EQ(reader.Integer("SELECT count(*) FROM t WHERE n > 0"), bursts.committed());
  }
  checkpoints.reset();
  EXPECT_EQ(writer->Text("PRAGMA integrity_check"), "ok");
}

// A thread that moves a page in 10 ms, as where it gets next to no processor, and a writer beside it.
struct SlowThread {
  explicit SlowThread(Checkpoints::Lengths lengths) {
    second_descriptor.emplace(path);
    writer->Execute("CREATE TABLE t (n INTEGER PRIMARY KEY, text BLOB)");
    checkpoints.emplace(*writer, path, second_descriptor->get(), "OFF", Checkpoints::Mode::kThread, lengths, metrics);
    insert.emplace(*writer, "INSERT INTO t (text) VALUES (zeroblob(3000))");
  }

  void Commit() {
    insert->Run();
    checkpoints->AfterCommit();
  }

  Mutex mutex;
  Condition never;
  const CheckpointWindow window{WrittenInPieces(), [] {},
                                [this] {
                                  const MutexLock lock(mutex);
                                  never.WaitFor(mutex, Microseconds(10'000));
                                }};
  const TemporaryFolder folder;
  const std::string path = folder.File("checkpoints.db");
  std::optional<SecondDescriptor> second_descriptor;
  const std::unique_ptr<Connection> writer = *OpenDatabase(path, Switch::kOff);
  prometheus::Registry registry;
  StoreMetrics metrics{registry};
  std::optional<Checkpoints> checkpoints;
  std::optional<Statement> insert;
};

// While other programs used all processors, the thread moved a page now and then, and changes waited minutes for it.
TEST(CheckpointsThread, IsNotWaitedForWhereItGetsNoProcessor) {
  constexpr int kCommits = 6'000;
  SlowThread slow(kShortLengths);
  const auto begun = SystemClock().Steady();
  for (int i = 0; i < kCommits; ++i) {
    slow.Commit();
  }
  EXPECT_LT(SystemClock().Steady() - begun, Microseconds(15'000'000));  // by the thread's pages it would be a minute
  EXPECT_LT(std::filesystem::file_size(slow.path + "-wal") / kFrameBytes, 6'000U);
  slow.checkpoints.reset();
  EXPECT_EQ(slow.writer->Integer("SELECT count(*) FROM t"), kCommits);
  EXPECT_EQ(slow.writer->Text("PRAGMA integrity_check"), "ok");
}

// Only some tenants' changes are held (LogShares) long before the log is as long as it may get.
TEST(CheckpointsThread, IsStoppedForChangesThatWereHeldForLong) {
  SlowThread slow(Checkpoints::Lengths{.moved = 1'000, .most = 100'000});
  EXPECT_EQ(slow.checkpoints->log().due, 0);
  for (int i = 0; i < 2'000; ++i) {
    slow.Commit();
  }
  EXPECT_EQ(slow.checkpoints->log().due, slow.checkpoints->log().frames) << "the thread takes half a minute for them";
  slow.checkpoints->AfterCommit(Microseconds(100'000));
  EXPECT_GT(slow.checkpoints->log().due, 0);
  slow.checkpoints->AfterCommit(Microseconds(2'000'000));
  EXPECT_EQ(slow.checkpoints->log().due, 0);
  const std::int64_t restarts = slow.checkpoints->log().restarts;
  slow.insert->Run();
  EXPECT_GT(slow.checkpoints->log().restarts, restarts);
  slow.checkpoints.reset();
  EXPECT_EQ(slow.writer->Integer("SELECT count(*) FROM t"), 2'001);
}

INSTANTIATE_TEST_SUITE_P(Modes, CheckpointsTest,
                         testing::Values(Checkpoints::Mode::kThread, Checkpoints::Mode::kInline), [](const auto& mode) {
                           return mode.param == Checkpoints::Mode::kThread ? "Thread" : "Inline";
                         });

}  // namespace
}  // namespace shakehook::sqlite
