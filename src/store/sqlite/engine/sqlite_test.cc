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

TEST(Sqlite, WritesEnumeratorsIntoAStatement) {
  EXPECT_EQ(Sql("UPDATE t SET a = {}, b = ?1 WHERE a <> {}", DeliveryStatus::kCanceled, AttemptTrigger::kReplay),
            "UPDATE t SET a = 3, b = ?1 WHERE a <> 2");
}

TEST(Sqlite, BindsTheKeyOfADeliveryAsWebhookAndPosition) {
  const TemporaryFolder folder;
  Connection connection(folder.File("some.db"), Access::kReadWrite);
  connection.Execute("CREATE TABLE t (webhook INTEGER, position INTEGER, n INTEGER)");
  Statement(connection, "INSERT INTO t (webhook, position, n) VALUES (?1, ?2, ?3)").Run(DeliveryKey{{7}, {3}}, 5);
  EXPECT_EQ(connection.Integer("SELECT webhook FROM t"), 3);
  EXPECT_EQ(connection.Integer("SELECT position FROM t"), 7);
  EXPECT_EQ(connection.Integer("SELECT n FROM t"), 5);
  static_assert(AreInKeyOrder<WebhookNumber, Position, Position, int>());
  static_assert(!AreInKeyOrder<Position, WebhookNumber>());
  static_assert(!AreInKeyOrder<Position, int, WebhookNumber>());
}

}  // namespace
}  // namespace shakehook::sqlite
