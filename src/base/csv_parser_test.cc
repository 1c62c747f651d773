#include "base/csv_parser.h"

#include <gtest/gtest.h>

#include <array>

namespace shakehook {
namespace {

using Records = std::vector<std::vector<std::string>>;

// Parses the text, given to the parser in pieces of `piece` bytes.
std::vector<CsvRecord> Read(std::string_view text, std::size_t piece, char delimiter = ',',
                            CsvLineEnd line_end = CsvLineEnd::kByFirst) {
  CsvParser parser(delimiter, line_end);
  std::vector<CsvRecord> records;
  CsvRecord record;
  for (; !text.empty(); text.remove_prefix(std::min(piece, text.size()))) {
    parser.Add(text.substr(0, piece));
    while (parser.Next(record)) records.push_back(record);
  }
  parser.End();
  while (parser.Next(record)) records.push_back(record);
  return records;
}

Records Parse(std::string_view text, std::size_t piece, char delimiter = ',') {
  Records records;
  for (const CsvRecord& record : Read(text, piece, delimiter)) {
    EXPECT_EQ(record.fault, CsvFault::kNone) << record.line;
    records.push_back(record.cells);
  }
  return records;
}

// Each record as "line: cells", or "line: fault in line".
std::string Told(std::string_view text, std::size_t piece = 1024) {
  static constexpr std::array kFaults = {"",         "not closed", "text after", "quote inside",
                                         "line end", "too long",   "too many",   "nul"};
  std::string told;
  for (const CsvRecord& record : Read(text, piece)) {
    told += std::to_string(record.line) + ": ";
    if (record.fault == CsvFault::kNone) {
      told += ToCsvLine(record.cells, ',');
    } else {
      told += std::string(kFaults[static_cast<std::size_t>(record.fault)]) + " in " + std::to_string(record.fault_line);
    }
    told += " | ";
  }
  return told;
}

TEST(CsvParser, ReadsTheSameInPiecesOfAnySize) {
  const std::string_view text = "id,name\r\n1,\"Doe, \"\"J\"\"\"\n\r\n  , \t\n2,a b c\n3,\"two\nlines\"\n4,\n,5";
  const Records expected = {{"id", "name"},      {"1", "Doe, \"J\""}, {"2", "a b c"},
                            {"3", "two\nlines"}, {"4", ""},           {"", "5"}};
  for (std::size_t piece = 1; piece <= text.size(); ++piece) EXPECT_EQ(Parse(text, piece), expected) << piece;
}

TEST(CsvParser, TakesAnotherDelimiter) { EXPECT_EQ(Parse("a;b,c\n", 9, ';'), (Records{{"a", "b,c"}})); }

TEST(CsvParser, ReadsTheLineEndsOfOldMacs) {
  const std::string_view text = "id,name\r1,\"a\rb\"\r\r2,c\r\n3,d";
  for (std::size_t piece = 1; piece <= text.size(); ++piece) {
    EXPECT_EQ(Parse(text, piece), (Records{{"id", "name"}, {"1", "a\rb"}, {"2", "c"}, {"3", "d"}})) << piece;
  }
}

TEST(CsvParser, AQuoteThatIsNotClosedTakesNoOtherRowWithIt) {
  const std::string_view text = "a,b\n1,x\n2,\"y\n3,z\n4,\"\"\n5,\"u\nv\"\n6,\"w";
  for (std::size_t piece = 1; piece <= text.size(); ++piece) {
    EXPECT_EQ(Told(text, piece),
              "1: a,b | 2: 1,x | 3: not closed in 3 | 4: 3,z | 5: 4, | 6: 5,\"u\nv\" | 8: not closed in 8 | ")
        << piece;
  }
}

TEST(CsvParser, RefusesWhatTheFormatDoesNotKnowAndGoesOnAtTheNextLine) {
  EXPECT_EQ(Told("1,\"x\"y,2\n3,4\n"), "1: text after in 1 | 2: 3,4 | ");
  EXPECT_EQ(Told("1,\"x\n2,\"y\",z\n3,4\n"), "1: not closed in 1 | 2: 2,y,z | 3: 3,4 | ");
  EXPECT_EQ(Told("1,6\" pipe\n3,4\n"), "1: quote inside in 1 | 2: 3,4 | ");
  EXPECT_EQ(Told("1,2\n3,\r4\n5,6\n"), "1: 1,2 | 2: line end in 2 | 3: 5,6 | ");
  EXPECT_EQ(Told("1,2\r3,\n4\r5,6\r"), "1: 1,2 | 2: line end in 2 | 3: 5,6 | ");
  EXPECT_EQ(Told(std::string_view("1,2\n3,\0x\n4,\"\0\n\"\n5,6\n", 20)),
            "1: 1,2 | 2: nul in 2 | 3: nul in 3 | 5: 5,6 | ");
  // The second of two quotes in a row: the row that begins in line 2 ends with the line where it opens.
  EXPECT_EQ(Told("1,2\n\"a\nb\",\"c\n5,6\n"), "1: 1,2 | 2: not closed in 3 | 4: 5,6 | ");
  EXPECT_EQ(Told(std::string(2 * kCsvCellsMax, ',') + "x\n5,6\n"), "1: too many in 1 | 2: 5,6 | ");
  EXPECT_EQ(Told("1," + std::string(kCsvRecordBytesMax, 'x') + ",\"\n5,6\n"), "1: too long in 1 | 2: 5,6 | ");
}

TEST(CsvParser, KeepsTheBeginningOfWhatIsRefused) {
  EXPECT_EQ(Read("1,\"x\"y,2\n", 3).at(0).cells, (std::vector<std::string>{"1,\"x\"y,2"}));
  std::string text = "1,\"";
  while (text.size() < 2 * kCsvFaultBytesKept) text += "é";
  const std::vector<std::string> kept = Read(text, 1000).at(0).cells;
  ASSERT_EQ(kept.size(), 1u);
  EXPECT_LE(kept[0].size(), kCsvFaultBytesKept);
  EXPECT_TRUE(kept[0].ends_with("é"));
}

TEST(CsvParser, GoesOnFromTheEndOfAnyRecord) {
  const std::string_view text = "a,b\r\n1,\"x\r\n2,\"y\r\n\r\n3,\"u\r\nv\"\r\n4,5\"\r\n6,\"w";
  const auto whole = Read(text, 1000);
  for (std::size_t i = 0; i + 1 < whole.size(); ++i) {
    CsvParser parser(',', CsvLineEnd::kLineFeed, whole[i].next_line);
    parser.Add(text.substr(static_cast<std::size_t>(whole[i].end)));
    parser.End();
    for (std::size_t next = i + 1; next < whole.size(); ++next) {
      CsvRecord record;
      ASSERT_TRUE(parser.Next(record));
      EXPECT_EQ(record.cells, whole[next].cells);
      EXPECT_EQ(record.line, whole[next].line);
      EXPECT_EQ(record.end + whole[i].end, whole[next].end);
    }
  }
}

TEST(CsvParser, HoldsNoMoreThanARecordOfAQuoteThatIsNeverClosed) {
  CsvParser parser(',', CsvLineEnd::kByFirst);
  const std::string piece(64 * 1024, 'x');
  CsvRecord record;
  parser.Add("1,\"");
  std::size_t records = 0;
  for (int i = 0; i < 256; ++i) {
    parser.Add(piece);
    while (parser.Next(record)) ++records;
    EXPECT_LE(parser.bytes_held(), kCsvRecordBytesMax + 2 * piece.size());
  }
  parser.Add("\n2,3\n");
  while (parser.Next(record)) ++records;
  EXPECT_EQ(records, 2u);
  EXPECT_EQ(record.line, 2);
}

TEST(CsvParser, WritesWhatItReads) {
  const std::vector<std::string> cells = {"a", "b,c", "d\"e", "f\r\ng", ""};
  EXPECT_EQ(Parse(ToCsvLine(cells, ','), 3), (Records{cells}));
}

}  // namespace
}  // namespace shakehook
