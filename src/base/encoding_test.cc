#include "base/encoding.h"

#include <gtest/gtest.h>

namespace shakehook {
namespace {

using Bytes = std::vector<std::uint8_t>;

TEST(Encoding, NothingIsAnEncodingOfNothing) {
  EXPECT_EQ(FromBase64(""), Bytes());
  EXPECT_EQ(FromBase64Url(""), Bytes());
  EXPECT_EQ(FromHex(""), Bytes());
  EXPECT_EQ(ToBase64({}), "");
  EXPECT_EQ(ToBase64Url({}), "");
  EXPECT_EQ(ToHex({}), "");
}

TEST(Encoding, ReadsWhatItWrote) {
  const Bytes bytes = {0x00, 0xff, 0x10, 0xfb, 0x3f};
  EXPECT_EQ(ToHex(bytes), "00ff10fb3f");
  EXPECT_EQ(ToBase64(bytes), "AP8Q+z8=");
  EXPECT_EQ(ToBase64Url(bytes), "AP8Q-z8");
  EXPECT_EQ(FromHex("00ff10fb3f"), bytes);
  EXPECT_EQ(FromBase64("AP8Q+z8="), bytes);
  EXPECT_EQ(FromBase64Url("AP8Q-z8"), bytes);
}

TEST(Encoding, RefusesEveryOtherSpelling) {
  for (const std::string_view text : {"AP8Q+z8", "AP8Q+z8==", "AP8Q-z8=", " AP8Q+z8=", "AP8Q+z8=\n", "AP8Q+z9="}) {
    EXPECT_EQ(FromBase64(text), std::nullopt) << text;
  }
  for (const std::string_view text : {"AP8Q+z8", "AP8Q-z8=", "AP8Q-z9", "A"}) {
    EXPECT_EQ(FromBase64Url(text), std::nullopt) << text;
  }
  for (const std::string_view text : {"0", "0g", "00 ", "0x00", "\xb0\xb0"})
    EXPECT_EQ(FromHex(text), std::nullopt) << text;
}

TEST(Encoding, TakesNoByteOutsideTheAlphabetForALetter) {
  EXPECT_EQ(FromBase64Url("Y29udGFjdHM6Y\x8e\xcf\xce"), std::nullopt);
  for (int byte = 0x80; byte < 0x100; ++byte) {
    for (const std::size_t at : {0, 1, 2, 3}) {
      std::string text = "AAAA";
      text[at] = static_cast<char>(byte);
      EXPECT_EQ(FromBase64(text), std::nullopt) << byte;
      EXPECT_EQ(FromBase64Url(text), std::nullopt) << byte;
    }
  }
}

}  // namespace
}  // namespace shakehook
