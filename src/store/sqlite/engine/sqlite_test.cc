#include "store/sqlite/engine/sqlite.h"

#include <gtest/gtest.h>

#include "store/sqlite/engine/checkpoint_writes.h"
#include "store/sqlite/engine/log_writes.h"
#include "testing/temporary_folder.h"

namespace shakehook::sqlite {
namespace {

TEST(Sqlite, CountsNoMemoryWhicheverVfsIsNamedFirst) {
  const TemporaryFolder folder;
  for (const char* const vfs : {GatheredLogWrites(), WrittenInPieces(), static_cast<const char*>(nullptr)}) {
    Connection connection(folder.File("some.db"), Access::kReadWrite, vfs);
    connection.Execute("CREATE TABLE IF NOT EXISTS t (n INTEGER)");
    EXPECT_EQ(sqlite3_memory_used(), 0);
  }
}

}  // namespace
}  // namespace shakehook::sqlite
