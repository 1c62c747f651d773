#include "records/import_number.h"

#include <gtest/gtest.h>

namespace shakehook {
namespace {

std::string Number(std::string_view text, char delimiter = ';') {
  const auto read = ReadImportNumber(text, delimiter);
  return read ? ToString(*read) : "-";
}

TEST(ImportNumber, IsReadAsPeopleWriteIt) {
  EXPECT_EQ(Number("1200.5"), "1200.5");
  EXPECT_EQ(Number("007,50"), "7.5");
  EXPECT_EQ(Number("0,5"), "0.5");
  EXPECT_EQ(Number("1e3"), "1000");
  EXPECT_EQ(Number("+5"), "5");
  EXPECT_EQ(Number("-000"), "0");
  EXPECT_EQ(Number("\u22121\u00a0234,50"), "-1234.5");
  EXPECT_EQ(Number("1\u202f234\u202f567,8"), "1234567.8");
  EXPECT_EQ(Number("1 234,50", ','), "1234.5");
  EXPECT_EQ(Number("1200,5", ','), "1200.5");
  EXPECT_EQ(Number("1'234.50"), "1234.5");
  EXPECT_EQ(Number("1\u2019234.50"), "1234.5");
  EXPECT_EQ(Number("1,234.50", ','), "1234.5");
  EXPECT_EQ(Number("1.234,50"), "1234.5");
  EXPECT_EQ(Number("1,234,567", ','), "1234567");
  EXPECT_EQ(Number("1.234.567"), "1234567");
  EXPECT_EQ(Number("18446744073709551615"), "18446744073709551615");
}

TEST(ImportNumber, IsRefusedWhereItIsNoneOrCouldBeTwo) {
  for (const char* text : {"", "x", "12 34", "1,23,456", "1.5.5", "1,5,5", "1 2,5", "1,", ",5", "--5", "0x10", "1e",
                           "1e999", "NaN", "12 %", "1,234,56.7", "1.2,3.4", "1'2"}) {
    EXPECT_EQ(Number(text), "-") << text;
  }
  EXPECT_EQ(Number("1,200", ','), "-");
  EXPECT_EQ(Number("1,200", ';'), "1.2");
}

}  // namespace
}  // namespace shakehook
