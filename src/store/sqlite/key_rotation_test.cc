#include "store/sqlite/key_rotation.h"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

#include "store/sqlite/database_file.h"
#include "testing/temporary_folder.h"

namespace shakehook {
namespace {

using sqlite::Access;
using sqlite::Blob;
using sqlite::Connection;
using sqlite::Statement;

SecretBox BoxOf(std::uint8_t byte) {
  SecretBox::Key key;
  key.fill(byte);
  return SecretBox(key);
}

class KeyRotationTest : public testing::Test {
 protected:
  KeyRotationTest() : path_(folder_.File("a.db")) {
    const auto connection = *sqlite::OpenDatabase(path_, Switch::kOff);
    sqlite::CheckMasterKey(*connection, old_, random_);
    for (int i = 1; i <= 3; ++i) {
      const std::string sealed = i == 3 ? "" : old_.Seal("webhook " + std::to_string(i), random_);
      const Uuid id{{static_cast<std::uint8_t>(i)}};
      Statement(*connection,
                "INSERT INTO webhook (id, name, url, events, scope_kind, scope_id, enabled,"
                " disabled_reason, ordering, standard_headers, sealed, created_at, updated_at, version)"
                " VALUES (?1, '', '', 1, 1, 'v', 1, '', 0, 0, ?2, 0, 0, 1)")
          .Run(id, Blob{sealed});
      const std::string response = old_.Seal("answer " + std::to_string(i), random_);
      Statement(*connection, "INSERT INTO kept_answer VALUES (?1, x'00', ?2, 0)").Run(id, Blob{response});
    }
    const std::string channel = old_.Seal("channel", random_);
    Statement(*connection,
              "INSERT INTO notice_channel VALUES (x'01', '', 0, '', 0, 1, 1, 10, NULL, NULL, NULL, 0, ?1, 0, 0, 1)")
        .Run(Blob{channel});
    Statement(
        *connection,
        "INSERT INTO user (id, name, email, role, scope_kind, scope_id, language, password_hash, epoch, created_at,"
        " version, second_factor) VALUES (x'01', '', 'a', 0, 0, '', '', '', 1, 0, 1, ?1),"
        " (x'02', '', 'b', 0, 0, '', '', '', 1, 0, 1, x'')")
        .Run(Blob{old_.Seal("second factor", random_)});
    ciphertext_ = Sealed("SELECT sealed FROM webhook WHERE number = 1", *connection);
  }

  std::unique_ptr<KeyRotation> Open() { return KeyRotation::Open(path_).value(); }
  static std::string Sealed(const std::string& sql, Connection& connection) { return connection.Text(sql); }
  void ExpectUnder(const SecretBox& box) {
    Connection connection(path_, Access::kReadOnly);
    EXPECT_TRUE(sqlite::IsMasterKey(connection, box));
    EXPECT_EQ(box.Open(Sealed("SELECT sealed FROM webhook WHERE number = 2", connection)), "webhook 2");
    EXPECT_EQ(Sealed("SELECT sealed FROM webhook WHERE number = 3", connection), "");
    EXPECT_EQ(box.Open(Sealed("SELECT second_factor FROM user WHERE email = 'a'", connection)), "second factor");
    EXPECT_EQ(Sealed("SELECT second_factor FROM user WHERE email = 'b'", connection), "");
    EXPECT_EQ(box.Open(Sealed("SELECT answer FROM kept_answer ORDER BY key DESC LIMIT 1", connection)), "answer 3");
    EXPECT_EQ(box.Open(Sealed("SELECT sealed FROM notice_channel", connection)), "channel");
  }

  TemporaryFolder folder_;
  SeededRandom random_{1};
  const std::string path_;
  const SecretBox old_ = BoxOf(1), new_ = BoxOf(2);
  std::string ciphertext_;
};

TEST_F(KeyRotationTest, PutsAllThatIsSecretUnderTheNewKey) {
  const auto rotation = Open();
  EXPECT_TRUE(rotation->IsUnder(old_));
  const auto rotated = rotation->Run(old_, new_, random_);
  ASSERT_TRUE(rotated) << rotated.error();
  EXPECT_EQ(rotated->webhooks, 2);
  EXPECT_EQ(rotated->idempotency_records, 3);
  EXPECT_TRUE(rotation->IsUnder(new_));
  EXPECT_FALSE(rotation->IsUnder(old_));
  ExpectUnder(new_);
}

TEST_F(KeyRotationTest, LeavesNothingUnderTheOldKeyInTheFile) {
  ASSERT_TRUE(Open()->Run(old_, new_, random_));
  std::ifstream file(path_, std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>(file), {}};
  EXPECT_EQ(bytes.find(ciphertext_), std::string::npos);
}

TEST_F(KeyRotationTest, OfWhatCannotBeReadChangesNothing) {
  Connection(path_, Access::kReadWrite)
      .Execute("UPDATE kept_answer SET answer = x'0102' WHERE key = (SELECT min(key) FROM kept_answer)");
  const auto rotated = Open()->Run(old_, new_, random_);
  ASSERT_FALSE(rotated);
  EXPECT_NE(rotated.error().find("cannot be read with its master key"), std::string::npos);
  ExpectUnder(old_);
}

TEST_F(KeyRotationTest, WaitsForNoServer) {
  const auto lock = sqlite::FileLock::Acquire(path_);
  const auto rotation = KeyRotation::Open(path_);
  ASSERT_FALSE(rotation);
  EXPECT_NE(rotation.error().find("another shakehook is using it"), std::string::npos);
}

}  // namespace
}  // namespace shakehook
