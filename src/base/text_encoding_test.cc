#include "base/text_encoding.h"

#include <gtest/gtest.h>

namespace shakehook {
namespace {

std::string Decoded(std::string_view encoding, std::string_view bytes, std::size_t piece) {
  TextDecoder decoder(encoding);
  std::string text;
  for (; !bytes.empty(); bytes.remove_prefix(std::min(piece, bytes.size())))
    decoder.Decode(bytes.substr(0, piece), text);
  decoder.Finish(text);
  return text;
}

std::string Recognized(std::string_view bytes, std::size_t piece = 7) {
  EncodingRecognizer recognizer;
  for (; !bytes.empty(); bytes.remove_prefix(std::min(piece, bytes.size()))) recognizer.Add(bytes.substr(0, piece));
  const auto result = recognizer.Result();
  return result ? std::string(result->name) + (result->mark_bytes > 0 ? " marked" : "") : "none";
}

TEST(TextDecoder, DecodesTheSameInPiecesOfAnySize) {
  using namespace std::string_view_literals;
  for (std::size_t piece = 1; piece < 12; ++piece) {
    EXPECT_EQ(Decoded("windows-1252", "Zo\xe9 \x80 l\x92h", piece), "Zoé € l’h");
    EXPECT_EQ(Decoded("macintosh", "Zo\x8e", piece), "Zoé");
    EXPECT_EQ(Decoded("utf-16le", "\xe9\x00=\xd8\x00\xde"sv, piece), "é😀");
    EXPECT_EQ(Decoded("utf-16be", "\x00\xe9\xd8=\xde\x00"sv, piece), "é😀");
    EXPECT_EQ(Decoded("utf-8", "Zo\xc3\xa9 \xf0\x9f\x98\x80", piece), "Zoé 😀");
    EXPECT_EQ(Decoded("shift_jis", "\x93\xfa\x96\x7b", piece), "日本");
  }
}

TEST(TextDecoder, MarksWhatIsNoText) {
  for (std::size_t piece = 1; piece < 5; ++piece) {
    EXPECT_EQ(Decoded("windows-1252",
                      "a\x81"
                      "b",
                      piece),
              "a\ufffd"
              "b");
    EXPECT_EQ(Decoded("utf-8",
                      "a\xff"
                      "b\xc3",
                      piece),
              "a\ufffd"
              "b\ufffd");
    EXPECT_EQ(Decoded("utf-16le",
                      std::string_view("a\0\x3d\xd8"
                                       "b\0c",
                                       7),
                      piece),
              "a\ufffd"
              "b\ufffd");
  }
}

TEST(FindEncoding, KnowsLabelsWhateverTheCase) {
  EXPECT_EQ(FindEncoding("UTF-8"), "utf-8");
  EXPECT_EQ(FindEncoding("ISO-8859-1"), "windows-1252");
  EXPECT_EQ(FindEncoding("x"), std::nullopt);
}

TEST(EncodingRecognizer, KnowsMarks) {
  EXPECT_EQ(Recognized("\xef\xbb\xbfid"), "utf-8 marked");
  EXPECT_EQ(Recognized(std::string_view("\xff\xfei\0", 4)), "utf-16le marked");
  EXPECT_EQ(Recognized(std::string_view("\xfe\xff\0i", 4)), "utf-16be marked");
  EXPECT_EQ(Recognized(std::string_view("i\0d\0\n\0a\0", 8)), "utf-16le");
}

TEST(EncodingRecognizer, KnowsUtf8EvenWhereSomeOfItIsBroken) {
  EXPECT_EQ(Recognized("id,name\n"), "utf-8");
  EXPECT_EQ(Recognized("Zoé, Élie, Noé\n"), "utf-8");
  EXPECT_EQ(Recognized("Zoé, Élie, No\xe9\n"), "utf-8");
  EXPECT_EQ(Recognized(""), "utf-8");
}

TEST(EncodingRecognizer, KnowsWesternEncodingsByTheirLetters) {
  EXPECT_EQ(Recognized("Ren\xe9;\xc9lie;Fran\xe7ois\r\n"), "windows-1252");
  EXPECT_EQ(Recognized("Bonjour\xa0!;12\xa0\x80;l\x92h\xf4tel"), "windows-1252");
  EXPECT_EQ(Recognized("M\xfcller;Stra\xdf"
                       "e"),
            "windows-1252");
  EXPECT_EQ(Recognized("Ren\x8e;\x83lie;Fran\x8dois\r"), "macintosh");
  EXPECT_EQ(Recognized("Ren\x82;\x90lie;Fran\x87ois;H\x82l\x8ane\r\n"), "ibm850");
}

TEST(EncodingRecognizer, TakesTheUsualOfTwoThatLookTheSame) { EXPECT_EQ(Recognized("id\n\xff\n"), "windows-1252"); }

TEST(EncodingRecognizer, GuessesNothingOfOtherAlphabets) {
  EXPECT_EQ(Recognized("\xc8\xe2\xe0\xed;\xcf\xe5\xf2\xf0\xee\xe2"), "none");  // windows-1251
  EXPECT_EQ(Recognized("\xa3\xf3"
                       "d\x9f;\xafywiec;Pawe\xb3"),
            "none");  // windows-1250
  EXPECT_EQ(Recognized("\xde"
                       "ahin;A\xf0"
                       "ao\xf0lu;Y\xfdld\xfdz"),
            "none");                                                                    // windows-1254
  EXPECT_EQ(Recognized("\x93\xfa\x96\x7b;\x8e\x52\x93\x63;\x91\xbe\x98\x59"), "none");  // shift_jis
}

}  // namespace
}  // namespace shakehook
