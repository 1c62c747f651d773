// CsvParser reads a CSV text (RFC 4180) as it comes, piece by piece: cells separated by a delimiter and quoted where
// they contain one, and records ended by a line end. The parser never guesses about text that RFC 4180 does not allow:
// such a record comes back with a fault instead of its cells, and reading goes on at the next line.
//
//   fault            the record has                                      reading goes on at
//   kQuoteNotClosed  a quote without an end within kCsvRecordBytesMax    the line after the one where it opens
//   kTextAfterQuote  text between a closing quote and the delimiter      the line after the one where it opens
//   kQuoteInCell     a quote inside a cell that does not begin with one  the next line
//   kLineEnd         a line end of another kind than the text's first    the next line
//   kTooLong         more than kCsvRecordBytesMax bytes                  the next line
//   kTooManyCells    more than kCsvCellsMax cells                        the next line
//   kNul             the character U+0000                                the end of the record
//
// Lines without a text are no records. Each byte is looked at twice at most, whatever is wrong.
//
// Threads: one.
// Memory:  kCsvRecordBytesMax and one piece.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace shakehook {

inline constexpr std::size_t kCsvRecordBytesMax = 256 * 1024;
inline constexpr std::size_t kCsvCellsMax = 1024;
// The size of the text that CsvRecord::cells keeps of a record with a fault.
inline constexpr std::size_t kCsvFaultBytesKept = 8 * 1024;

enum class CsvFault : std::uint8_t {
  kNone,
  kQuoteNotClosed,
  kTextAfterQuote,
  kQuoteInCell,
  kLineEnd,
  kTooLong,
  kTooManyCells,
  kNul,
};

// The characters that end a record. The numbers are stored.
enum class CsvLineEnd : std::uint8_t {
  kByFirst = 0,         // the first line end of the text decides between the others
  kLineFeed = 1,        // LF, or CR LF
  kCarriageReturn = 2,  // CR, as old Macs write it; also CR LF
};

struct CsvRecord {
  std::vector<std::string> cells;  // after a fault: a single cell, the beginning of the text as it is in the file
  CsvFault fault = CsvFault::kNone;
  std::int64_t line = 0;        // the line where the record begins
  std::int64_t fault_line = 0;  // the line of the fault; for a quote, the line where it opens
  std::int64_t end = 0;         // the byte after the record, counted from the parser's first byte
  std::int64_t next_line = 0;   // the line of `end`
};

class CsvParser {
 public:
  // `first_line`: the number of the line that the text begins with.
  CsvParser(char delimiter, CsvLineEnd line_end, std::int64_t first_line = 1)
      : delimiter_(delimiter), line_end_(line_end), start_line_(first_line), line_(first_line) {}

  // Adds the next piece of the text. Before the next Add, Next() must be called until it returns false.
  void Add(std::string_view piece);
  // Says that no more text comes.
  void End() { ended_ = true; }
  // Reads the next record. Returns false if it needs more text for that or, after End(), if there is none.
  bool Next(CsvRecord& record);

  // The bytes that were added and that no record has used yet.
  std::size_t bytes_held() const { return buffer_.size(); }
  // kByFirst until a line has ended.
  CsvLineEnd line_end() const { return line_end_; }

 private:
  enum class State { kStart, kPlain, kQuoted, kAfterQuote, kSkip };
  enum class Step { kGoOn, kWait, kRecord };

  Step TakeByte();
  Step TakeInQuotes(char c);
  Step TakeLineEnd(std::size_t bytes);
  // Returns the bytes of the line end that `c` at scan_ begins; 0: it begins none; -1: the next byte must be known
  // first.
  int LineEndBytes(char c) const;
  void EndCell();
  Step Fail(CsvFault fault, std::int64_t line);
  // Ends the record with the line quote_line_, where its bad quote opened.
  Step FailQuote(CsvFault fault);
  Step EndRecord(std::size_t at, std::int64_t next_line);
  Step EndOfText();
  void Forget();
  std::string_view Text() const { return std::string_view(buffer_).substr(start_, scan_ - start_); }

  const char delimiter_;
  CsvLineEnd line_end_;
  bool ended_ = false;
  std::string buffer_;
  std::int64_t buffer_at_ = 0;  // the offset of the buffer's first byte in the text
  std::size_t start_ = 0;       // the offset in the buffer where the record begins
  std::size_t scan_ = 0;        // the offset in the buffer up to which it is read
  std::int64_t start_line_;     // the line of start_
  std::int64_t line_;           // the line of scan_

  // The state of the record that is being read:
  State state_ = State::kStart;
  std::string cell_;
  std::vector<std::string> cells_;
  CsvFault fault_ = CsvFault::kNone;
  std::int64_t fault_line_ = 0;
  std::int64_t quote_line_ = 0;   // the line where the last quote opened
  std::size_t quote_resume_ = 0;  // the offset after the end of that line; 0: it has not ended
  std::string kept_;              // in kSkip: the beginning of the text
};

// Returns a record as one line, without the line end. Cells are quoted where they need it.
std::string ToCsvLine(const std::vector<std::string>& cells, char delimiter);

}  // namespace shakehook
