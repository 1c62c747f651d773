#include "store/sqlite/engine/backup.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>

#include "store/sqlite/database_file.h"
#include "testing/temporary_folder.h"

namespace shakehook {
namespace {

namespace fs = std::filesystem;
using sqlite::Access;
using sqlite::Connection;

class Backup : public testing::Test {
 protected:
  Backup() : database_(folder_.File("a.db")), target_(folder_.File("b.db")) {
    writer_ = *sqlite::OpenDatabase(database_, Switch::kOff);
    writer_->Execute("CREATE TABLE t (n INTEGER PRIMARY KEY, text BLOB)");
    Insert(20'000);
  }

  void Insert(int rows) {
    writer_->Execute("WITH RECURSIVE c (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM c WHERE i < " +
                     std::to_string(rows) + ") INSERT INTO t (text) SELECT zeroblob(1000) FROM c");
  }
  std::string Error(BackupRequest request) {
    const auto made = BackUp(request, random_);
    return made ? "no error" : made.error();
  }
  static std::int64_t Rows(const std::string& path) {
    return Connection(path, Access::kReadOnly).Integer("SELECT count(*) FROM t");
  }
  std::vector<std::string> Files() const {
    std::vector<std::string> names;
    for (const auto& file : fs::directory_iterator(folder_.path())) names.push_back(file.path().filename());
    std::ranges::sort(names);
    return names;
  }

  TemporaryFolder folder_;
  SeededRandom random_{1};
  const std::string database_, target_;
  std::unique_ptr<Connection> writer_;
};

TEST_F(Backup, IsOneMomentOfADatabaseThatChangesMeanwhile) {
  int steps = 0;
  const auto bytes = BackUp({.database = database_,
                             .target = target_,
                             .stop =
                                 [&] {
                                   ++steps;
                                   Insert(100);
                                   return false;
                                 }},
                            random_);
  ASSERT_TRUE(bytes) << bytes.error();
  EXPECT_GE(steps, 1);
  EXPECT_EQ(Rows(target_), 20'000);
  EXPECT_EQ(Rows(database_), 20'000 + 100 * steps);
  EXPECT_EQ(*bytes, static_cast<std::int64_t>(fs::file_size(target_)));
}

TEST_F(Backup, IsAFileWholeInItselfForItsOwnerAlone) {
  ASSERT_EQ(Error({.database = database_, .target = target_}), "no error");
  EXPECT_EQ(Files(), (std::vector<std::string>{"a.db", "a.db-shm", "a.db-wal", "b.db"}));
  struct stat status{};
  ::stat(target_.c_str(), &status);
  EXPECT_EQ(status.st_mode & 0777, 0600U);
  EXPECT_TRUE(sqlite::OpenDatabase(target_, Switch::kOff));
}

TEST_F(Backup, ReplacesAFileOnlyWhenTold) {
  std::ofstream(target_) << "precious";
  EXPECT_EQ(Error({.database = database_, .target = target_}),
            "cannot write the backup " + target_ + ": it exists already; --force replaces it");
  EXPECT_EQ(fs::file_size(target_), 8U);
  EXPECT_EQ(Error({.database = database_, .target = target_, .replace = Switch::kOn}), "no error");
  EXPECT_EQ(Rows(target_), 20'000);
}

TEST_F(Backup, LeavesNothingWhenStopped) {
  const std::string error = Error({.database = database_, .target = target_, .stop = [] { return true; }});
  EXPECT_NE(error.find("stopped"), std::string::npos) << error;
  EXPECT_EQ(Files(), (std::vector<std::string>{"a.db", "a.db-shm", "a.db-wal"}));
}

TEST_F(Backup, NamesTheFileThatIsWrong) {
  EXPECT_EQ(Error({.database = folder_.File("none"), .target = target_}),
            "cannot back up " + folder_.File("none") + ": No such file or directory");
  EXPECT_EQ(Error({.database = database_, .target = folder_.File("none/b.db")}),
            "cannot write the backup " + folder_.File("none/b.db") + ": No such file or directory");
  std::ofstream(folder_.File("text")) << std::string(5'000, 'x');
  EXPECT_EQ(Error({.database = folder_.File("text"), .target = target_}),
            "cannot back up " + folder_.File("text") + ": file is not a database");
  Connection(folder_.File("theirs"), Access::kReadWrite).Execute("CREATE TABLE song (title TEXT)");
  EXPECT_EQ(Error({.database = folder_.File("theirs"), .target = target_}),
            "cannot back up " + folder_.File("theirs") + ": it is no database of shakehook");
  EXPECT_FALSE(fs::exists(target_));
}

TEST_F(Backup, IsNotMadeOfADamagedDatabase) {
  writer_->Execute("PRAGMA wal_checkpoint(TRUNCATE)");
  writer_.reset();
  {
    std::fstream file(database_, std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(static_cast<std::streamoff>(fs::file_size(database_) / 2));
    file << std::string(3 * 4'096, '\xff');
  }
  const std::string error = Error({.database = database_, .target = target_});
  EXPECT_EQ(error.find("cannot back up " + database_ + ": it is damaged"), 0U) << error;
  EXPECT_FALSE(fs::exists(target_));
}

}  // namespace
}  // namespace shakehook
