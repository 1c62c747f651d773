#include "base/totp.h"

#include <gtest/gtest.h>

namespace shakehook {
namespace {

constexpr std::string_view kRfcSecret = "12345678901234567890";

Timestamp AtSecond(std::int64_t second) { return FromUnixMs(second * 1'000); }

// RFC 6238, appendix B: the last six of its eight digits.
TEST(Totp, MakesTheCodesOfTheRfc) {
  const auto code = [](std::int64_t second) { return TotpCode(kRfcSecret, TotpStepAt(AtSecond(second))); };
  EXPECT_EQ(code(59), "287082");
  EXPECT_EQ(code(1'111'111'109), "081804");
  EXPECT_EQ(code(1'111'111'111), "050471");
  EXPECT_EQ(code(1'234'567'890), "005924");
  EXPECT_EQ(code(2'000'000'000), "279037");
  EXPECT_EQ(code(20'000'000'000), "353130");
}

TEST(Totp, TakesACodeOfTheStepBeforeAndAfterAndNoOther) {
  const Timestamp now = AtSecond(1'111'111'109);
  const std::int64_t step = TotpStepAt(now);
  for (std::int64_t away = -3; away <= 3; ++away) {
    const auto found = FindTotpStep(kRfcSecret, TotpCode(kRfcSecret, step + away), now, 0);
    EXPECT_EQ(found.has_value(), away >= -1 && away <= 1) << away;
    if (found) EXPECT_EQ(*found, step + away);
  }
  for (const std::string_view wrong : {"", "0", "81804", "0081804", "081804 ", "abcdef"}) {
    EXPECT_FALSE(FindTotpStep(kRfcSecret, wrong, now, 0)) << wrong;
  }
}

TEST(Totp, TakesNoCodeOfAStepThatWasUsedOrOfOneBeforeIt) {
  const Timestamp now = AtSecond(1'111'111'109);
  const std::int64_t step = TotpStepAt(now);
  EXPECT_FALSE(FindTotpStep(kRfcSecret, TotpCode(kRfcSecret, step), now, step));
  EXPECT_FALSE(FindTotpStep(kRfcSecret, TotpCode(kRfcSecret, step - 1), now, step));
  EXPECT_EQ(FindTotpStep(kRfcSecret, TotpCode(kRfcSecret, step + 1), now, step), step + 1);
}

// RFC 4648, section 10.
TEST(Base32, IsThatOfTheRfcWithoutPadding) {
  EXPECT_EQ(ToBase32(""), "");
  EXPECT_EQ(ToBase32("f"), "MY");
  EXPECT_EQ(ToBase32("fo"), "MZXQ");
  EXPECT_EQ(ToBase32("foo"), "MZXW6");
  EXPECT_EQ(ToBase32("foob"), "MZXW6YQ");
  EXPECT_EQ(ToBase32("fooba"), "MZXW6YTB");
  EXPECT_EQ(ToBase32("foobar"), "MZXW6YTBOI");
}

}  // namespace
}  // namespace shakehook
