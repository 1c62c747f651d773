// CsvParser takes a CSV text apart (RFC 4180) as it comes, piece by piece: cells parted by a delimiter, quoted where
// they hold one, records ended by LF, CR or both. A quote inside a cell that does not begin with one is a character
// like any other; what stands behind a closing quote belongs to the cell. Lines without a text are no records.
//
// Threads: one.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace shakehook {

inline constexpr std::size_t kCsvRecordBytesMax = 256 * 1024;

struct CsvRecord {
  std::vector<std::string> cells;
  // It is longer than kCsvRecordBytesMax (a quote may be missing); `cells` holds what came before.
  bool too_long = false;
};

class CsvParser {
 public:
  explicit CsvParser(char delimiter) : delimiter_(delimiter) {}

  // Takes from the front of `text` up to the end of the next record, which `record` then holds. False: the text is used
  // up and the record not ended; go on with the text behind it, or Finish().
  bool Next(std::string_view& text, CsvRecord& record);
  // At the end of the text: whether there is a last record that no line end ended.
  bool Finish(CsvRecord& record);

 private:
  enum class State { kStart, kPlain, kQuoted, kQuoteInQuoted };

  void Add(char c);
  void EndCell();
  // False: it was an empty line.
  bool EndRecord(CsvRecord& record);

  const char delimiter_;
  State state_ = State::kStart;
  std::string cell_;
  CsvRecord record_;
  std::size_t bytes_ = 0;  // of the record so far
};

// A record as one line, without its end. Cells are quoted where they need it.
std::string ToCsvLine(const std::vector<std::string>& cells, char delimiter);

}  // namespace shakehook
