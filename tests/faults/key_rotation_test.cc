// A rotation of the master key on a disk that fails at the Nth call: the database is under the old key or under the new
// one afterwards, never under neither, and trying again succeeds.

#include "store/sqlite/key_rotation.h"

#include <gtest/gtest.h>
#include <sqlite3.h>

#include <string>

#include "store/sqlite/sqlite_store.h"
#include "testing/failing_disk.h"
#include "testing/temporary_folder.h"

namespace shakehook {
namespace {

using Call = FailingDisk::Call;

FailingDisk& disk = FailingDisk::Instance();

SecretBox BoxOf(std::uint8_t byte) {
  SecretBox::Key key;
  key.fill(byte);
  return SecretBox(key);
}

// Returns whether the rotation reported success.
bool RotateWithFault(const std::string& path, Call call, int code, int nth, const SecretBox& from,
                     const SecretBox& to) {
  SeededRandom random(1);
  auto rotation = KeyRotation::Open(path);
  EXPECT_TRUE(rotation) << rotation.error();
  disk.Fail(call, code, nth);
  const bool rotated = (*rotation)->Run(from, to, random).has_value();
  rotation->reset();  // closed while the disk still fails, as a process that ends does
  return rotated;
}

TEST(KeyRotationOnADiskThatFails, LeavesTheDatabaseUnderOneOfTheTwoKeys) {
  SystemClock clock;
  const SecretBox old_box = BoxOf(1);
  const SecretBox new_box = BoxOf(2);
  for (const Call call : {Call::kWrite, Call::kSync, Call::kTruncate}) {
    bool untouched = false;
    for (int nth = 1; !untouched && nth < 200; ++nth) {
      SCOPED_TRACE("kind " + std::to_string(static_cast<int>(call)) + ", the call " + std::to_string(nth));
      TemporaryFolder folder;
      SeededRandom random(1);
      const std::string path = folder.File("a.db");
      ASSERT_TRUE(OpenSqliteStore({.path = path}, old_box, clock, random));
      const bool said = RotateWithFault(path, call, SQLITE_IOERR, nth, old_box, new_box);
      untouched = disk.failed() == 0;
      disk.Heal();
      auto rotation = KeyRotation::Open(path);
      ASSERT_TRUE(rotation) << rotation.error();
      const bool under_new = (*rotation)->IsUnder(new_box);
      EXPECT_NE((*rotation)->IsUnder(old_box), under_new);
      if (said) EXPECT_TRUE(under_new);
      if (!under_new) EXPECT_TRUE((*rotation)->Run(old_box, new_box, random));
      rotation->reset();
      EXPECT_TRUE(OpenSqliteStore({.path = path}, new_box, clock, random));
    }
    EXPECT_TRUE(untouched) << "the sweep was too short";
  }
}

}  // namespace
}  // namespace shakehook
