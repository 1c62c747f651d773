#include "base/csv_parser.h"

#include <algorithm>
#include <utility>

#include "base/utf8.h"

namespace shakehook {
namespace {

// The used bytes at the front of the buffer are removed once they are this many: moving the rest then costs little.
constexpr std::size_t kUsedBytesKept = 64 * 1024;

bool IsBlank(const std::string& cell) { return cell.find_first_not_of(" \t") == std::string::npos; }

// Returns the beginning of a record with a fault, cut between two characters of UTF-8.
std::string Kept(std::string_view text) {
  while (text.ends_with('\n') || text.ends_with('\r')) text.remove_suffix(1);
  return std::string(CutUtf8(text, kCsvFaultBytesKept));
}

}  // namespace

void CsvParser::Add(std::string_view piece) {
  if (start_ >= kUsedBytesKept || start_ == buffer_.size()) Forget();
  buffer_.append(piece);
}

bool CsvParser::Next(CsvRecord& record) {
  for (;;) {
    const Step step = scan_ < buffer_.size() ? TakeByte() : EndOfText();
    if (step == Step::kWait) return false;
    if (step == Step::kGoOn) continue;
    record = {.cells = std::exchange(cells_, {}),
              .fault = std::exchange(fault_, CsvFault::kNone),
              .line = std::exchange(start_line_, line_),
              .fault_line = std::exchange(fault_line_, 0),
              .end = buffer_at_ + static_cast<std::int64_t>(start_),
              .next_line = line_};
    if (record.fault != CsvFault::kNone || !std::ranges::all_of(record.cells, IsBlank)) return true;
  }
}

CsvParser::Step CsvParser::TakeByte() {
  const char c = buffer_[scan_];
  if (state_ == State::kQuoted) return TakeInQuotes(c);
  const int line_end = LineEndBytes(c);
  if (line_end < 0) return Step::kWait;
  if (line_end > 0) return TakeLineEnd(static_cast<std::size_t>(line_end));
  if (state_ == State::kSkip) {
    if (kept_.size() <= kCsvFaultBytesKept) kept_ += c;
    ++scan_;
    start_ = scan_;
    return Step::kGoOn;
  }
  if (scan_ - start_ >= kCsvRecordBytesMax) return Fail(CsvFault::kTooLong, start_line_);
  if (c == '\n' || c == '\r') return Fail(CsvFault::kLineEnd, line_);
  if (c == '\0' && fault_ == CsvFault::kNone) {
    fault_ = CsvFault::kNul;
    fault_line_ = line_;
  }
  if (c == delimiter_) {
    if (cells_.size() + 1 >= kCsvCellsMax) return Fail(CsvFault::kTooManyCells, line_);
    EndCell();
  } else if (state_ == State::kAfterQuote) {
    return FailQuote(CsvFault::kTextAfterQuote);
  } else if (c != '"') {
    cell_ += c;
    state_ = State::kPlain;
  } else if (state_ == State::kStart) {
    state_ = State::kQuoted;
    quote_line_ = line_;
    quote_resume_ = 0;
  } else {
    return Fail(CsvFault::kQuoteInCell, line_);
  }
  ++scan_;
  return Step::kGoOn;
}

CsvParser::Step CsvParser::TakeInQuotes(char c) {
  if (scan_ - start_ >= kCsvRecordBytesMax) return FailQuote(CsvFault::kQuoteNotClosed);
  if (c == '"') {
    if (scan_ + 1 == buffer_.size() && !ended_) return Step::kWait;
    if (scan_ + 1 < buffer_.size() && buffer_[scan_ + 1] == '"') {
      cell_ += c;
      scan_ += 2;
    } else {
      state_ = State::kAfterQuote;
      ++scan_;
    }
    return Step::kGoOn;
  }
  const int line_end = LineEndBytes(c);
  if (line_end < 0) return Step::kWait;
  const auto bytes = static_cast<std::size_t>(std::max(line_end, 1));
  cell_.append(buffer_, scan_, bytes);
  scan_ += bytes;
  if (line_end > 0) {
    ++line_;
    if (quote_resume_ == 0) quote_resume_ = scan_ - start_;
  }
  if (c == '\0' && fault_ == CsvFault::kNone) {
    fault_ = CsvFault::kNul;
    fault_line_ = line_;
  }
  return Step::kGoOn;
}

int CsvParser::LineEndBytes(char c) const {
  if (c == '\n') return line_end_ == CsvLineEnd::kCarriageReturn ? 0 : 1;
  if (c != '\r') return 0;
  if (scan_ + 1 == buffer_.size() && !ended_) return -1;
  if (scan_ + 1 < buffer_.size() && buffer_[scan_ + 1] == '\n') return 2;
  return line_end_ == CsvLineEnd::kLineFeed ? 0 : 1;
}

CsvParser::Step CsvParser::TakeLineEnd(std::size_t bytes) {
  if (line_end_ == CsvLineEnd::kByFirst) {
    line_end_ = buffer_[scan_] == '\r' && bytes == 1 ? CsvLineEnd::kCarriageReturn : CsvLineEnd::kLineFeed;
  }
  scan_ += bytes;
  return EndRecord(scan_, line_ + 1);
}

void CsvParser::EndCell() {
  cells_.push_back(std::exchange(cell_, {}));
  state_ = State::kStart;
}

CsvParser::Step CsvParser::Fail(CsvFault fault, std::int64_t line) {
  fault_ = fault;
  fault_line_ = line;
  kept_ = Text().substr(0, kCsvFaultBytesKept + 1);
  state_ = State::kSkip;
  start_ = scan_;
  return Step::kGoOn;
}

CsvParser::Step CsvParser::FailQuote(CsvFault fault) {
  if (quote_resume_ == 0) return Fail(fault, quote_line_);
  // The text below that line does not matter: the quote is not closed in the line where it opened.
  fault_ = CsvFault::kQuoteNotClosed;
  fault_line_ = quote_line_;
  scan_ = start_ + quote_resume_;
  kept_ = Text();
  state_ = State::kSkip;
  return EndRecord(scan_, quote_line_ + 1);
}

// The record ends at `at` of the buffer, where the next one begins.
CsvParser::Step CsvParser::EndRecord(std::size_t at, std::int64_t next_line) {
  if (fault_ == CsvFault::kNul && state_ != State::kSkip) {
    kept_ = Text();
  } else if (state_ != State::kSkip) {
    EndCell();
  }
  if (fault_ != CsvFault::kNone) cells_ = {Kept(std::exchange(kept_, {}))};
  cell_.clear();
  state_ = State::kStart;
  scan_ = start_ = at;
  line_ = next_line;
  return Step::kRecord;
}

CsvParser::Step CsvParser::EndOfText() {
  if (!ended_) return Step::kWait;
  if (state_ == State::kQuoted) return FailQuote(CsvFault::kQuoteNotClosed);
  const bool is_there = state_ != State::kStart || !cells_.empty();
  return is_there ? EndRecord(scan_, line_) : Step::kWait;
}

void CsvParser::Forget() {
  buffer_.erase(0, start_);
  buffer_at_ += static_cast<std::int64_t>(start_);
  scan_ -= start_;
  start_ = 0;
}

std::string ToCsvLine(const std::vector<std::string>& cells, char delimiter) {
  const std::string special = std::string("\"\r\n") + delimiter;
  std::string line;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    if (i > 0) line += delimiter;
    const std::string& cell = cells[i];
    if (cell.find_first_of(special) == std::string::npos) {
      line += cell;
      continue;
    }
    line += '"';
    for (const char c : cell) {
      if (c == '"') line += '"';
      line += c;
    }
    line += '"';
  }
  return line;
}

}  // namespace shakehook
