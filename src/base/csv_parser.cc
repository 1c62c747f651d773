#include "base/csv_parser.h"

#include <algorithm>
#include <utility>

namespace shakehook {
namespace {

bool IsBlank(const std::string& cell) { return cell.find_first_not_of(" \t") == std::string::npos; }

}  // namespace

bool CsvParser::Next(std::string_view& text, CsvRecord& record) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const bool quoted = state_ == State::kQuoted;
    if (!quoted && (c == '\n' || c == '\r')) {
      EndCell();
      if (!EndRecord(record)) continue;
      text.remove_prefix(i + 1);
      return true;
    }
    ++bytes_;
    if (!quoted && c == delimiter_) {
      EndCell();
    } else if (c != '"') {
      Add(c);
      if (!quoted) state_ = State::kPlain;
    } else if (state_ == State::kStart) {
      state_ = State::kQuoted;
    } else if (quoted) {
      state_ = State::kQuoteInQuoted;
    } else {
      Add(c);
      if (state_ == State::kQuoteInQuoted) state_ = State::kQuoted;
    }
  }
  text = {};
  return false;
}

bool CsvParser::Finish(CsvRecord& record) {
  if (bytes_ == 0) return false;
  EndCell();
  return EndRecord(record);
}

void CsvParser::Add(char c) {
  if (bytes_ <= kCsvRecordBytesMax) {
    cell_ += c;
  } else {
    record_.too_long = true;
  }
}

void CsvParser::EndCell() {
  // A record of very many empty cells is too long as well.
  if (bytes_ <= kCsvRecordBytesMax) {
    record_.cells.push_back(std::exchange(cell_, {}));
  } else {
    record_.too_long = true;
  }
  state_ = State::kStart;
}

bool CsvParser::EndRecord(CsvRecord& record) {
  record = std::exchange(record_, {});
  cell_.clear();
  bytes_ = 0;
  return record.too_long || !std::ranges::all_of(record.cells, IsBlank);
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
