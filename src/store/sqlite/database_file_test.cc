#include "store/sqlite/database_file.h"

#include <gtest/gtest.h>

#include <fstream>

#include "store/sqlite/sqlite_store.h"
#include "testing/simulated_clock.h"
#include "testing/temporary_folder.h"

namespace shakehook {
namespace {

class DatabaseFile : public testing::Test {
 protected:
  // Opens the file as a store; returns the reason why that is refused, or nothing.
  std::string Open(const std::string& name, const SecretBox& box) {
    auto store = OpenSqliteStore({.path = folder_.File(name), .execution = SqliteOptions::Execution::kInline}, box,
                                 clock_, random_);
    if (!store) return store.error();
    store_ = *std::move(store);
    return "";
  }
  std::string CannotOpen(const std::string& name, const std::string& reason) {
    return "cannot open the database " + folder_.File(name) + ": " + reason;
  }

  TemporaryFolder folder_;
  SimulatedClock clock_;
  SeededRandom random_{1};
  const SecretBox box_{SecretBox::Key{}};
  std::unique_ptr<Store> store_;
};

TEST_F(DatabaseFile, IsRefusedWhileAnotherStoreHasIt) {
  ASSERT_EQ(Open("store.db", box_), "");
  EXPECT_EQ(Open("store.db", box_), CannotOpen("store.db", "another shakehook is using it"));
}

TEST_F(DatabaseFile, IsRefusedWhereItIsNoDatabase) {
  std::ofstream(folder_.File("garbage.db")) << std::string(5'000, 'x');
  EXPECT_EQ(Open("garbage.db", box_), CannotOpen("garbage.db", "file is not a database"));
}

TEST_F(DatabaseFile, IsRefusedUnderAnotherMasterKeyAndOpensUnderItsOwn) {
  ASSERT_EQ(Open("store.db", box_), "");
  store_.reset();
  SecretBox::Key other{};
  other[0] = 1;
  EXPECT_NE(Open("store.db", SecretBox(other)).find("master key"), std::string::npos);
  EXPECT_EQ(Open("store.db", box_), "");
}

}  // namespace
}  // namespace shakehook
