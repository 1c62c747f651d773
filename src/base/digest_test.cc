#include "base/digest.h"

#include <gtest/gtest.h>

#include "base/encoding.h"

namespace shakehook {
namespace {

// RFC 4231, test case 2.
TEST(HmacKey, SignsAsTheRfcSays) {
  HmacKey key("Jefe");
  EXPECT_EQ(ToHex(key.Sign("what do ya want for nothing?")),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
}

TEST(HmacKey, SignsAgainAndInPiecesWithTheSameResult) {
  HmacKey key("secret");
  const Digest once = key.Sign("hello world");
  EXPECT_EQ(key.Sign("hello ", "world"), once);
  EXPECT_EQ(key.Sign("hello world"), once);
  EXPECT_NE(key.Sign("hello worlD"), once);
}

TEST(Sha256, OfTheEmptyText) {
  EXPECT_EQ(ToHex(Sha256("")), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

TEST(EqualInConstantTime, ComparesWholeTexts) {
  EXPECT_TRUE(EqualInConstantTime("abc", "abc"));
  EXPECT_FALSE(EqualInConstantTime("abc", "abd"));
  EXPECT_FALSE(EqualInConstantTime("abc", "ab"));
}

}  // namespace
}  // namespace shakehook
