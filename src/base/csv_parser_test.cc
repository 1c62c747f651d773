#include "base/csv_parser.h"

#include <gtest/gtest.h>

namespace shakehook {
namespace {

using Records = std::vector<std::vector<std::string>>;

// The text in pieces of so many bytes.
Records Parse(std::string_view text, std::size_t piece, char delimiter = ',') {
  CsvParser parser(delimiter);
  Records records;
  CsvRecord record;
  for (; !text.empty(); text.remove_prefix(std::min(piece, text.size()))) {
    std::string_view part = text.substr(0, piece);
    while (parser.Next(part, record)) records.push_back(record.cells);
  }
  if (parser.Finish(record)) records.push_back(record.cells);
  return records;
}

TEST(CsvParser, ReadsTheSameInPiecesOfAnySize) {
  const std::string_view text = "id,name\r\n1,\"Doe, \"\"J\"\"\"\n\r\n  , \t\n2,a \"b\" c\r3,\"two\nlines\"x\n4,\n,5";
  const Records expected = {{"id", "name"},       {"1", "Doe, \"J\""}, {"2", "a \"b\" c"},
                            {"3", "two\nlinesx"}, {"4", ""},           {"", "5"}};
  for (std::size_t piece = 1; piece <= text.size(); ++piece) EXPECT_EQ(Parse(text, piece), expected) << piece;
}

TEST(CsvParser, TakesAnotherDelimiter) { EXPECT_EQ(Parse("a;b,c\n", 9, ';'), (Records{{"a", "b,c"}})); }

TEST(CsvParser, CutsARecordThatNeverEnds) {
  CsvParser parser(',');
  const std::string text = "1,\"" + std::string(3 * kCsvRecordBytesMax, 'x');
  std::string_view left = text;
  CsvRecord record;
  EXPECT_FALSE(parser.Next(left, record));
  ASSERT_TRUE(parser.Finish(record));
  EXPECT_TRUE(record.too_long);
  EXPECT_LE(record.cells.size(), 2u);
}

TEST(CsvParser, WritesWhatItReads) {
  const std::vector<std::string> cells = {"a", "b,c", "d\"e", "f\r\ng", ""};
  EXPECT_EQ(Parse(ToCsvLine(cells, ','), 3), (Records{cells}));
}

}  // namespace
}  // namespace shakehook
