// A CSV text is read the same in pieces and at once, and from the end of any record on; a written record reads back the
// same.
#include <fuzzer/FuzzedDataProvider.h>

#include <algorithm>
#include <functional>
#include <span>

#include "base/check.h"
#include "base/csv_parser.h"

namespace shakehook {
namespace {

using Rows = std::vector<CsvRecord>;

bool Same(const CsvRecord& left, const CsvRecord& right) {
  return left.cells == right.cells && left.fault == right.fault && left.line == right.line &&
         left.fault_line == right.fault_line && left.end == right.end && left.next_line == right.next_line;
}

Rows Read(std::string_view text, CsvParser parser, const std::function<std::size_t()>& next_piece) {
  Rows rows;
  CsvRecord record;
  const auto take = [&] {
    while (parser.Next(record)) {
      CHECK(!record.cells.empty());
      CHECK(record.line < record.next_line || record.end == static_cast<std::int64_t>(text.size()) || rows.empty() ||
            record.end > rows.back().end);
      rows.push_back(record);
    }
  };
  for (std::string_view left = text; !left.empty();) {
    const std::string_view piece = left.substr(0, std::max<std::size_t>(1, next_piece()));
    left.remove_prefix(piece.size());
    parser.Add(piece);
    take();
  }
  parser.End();
  take();
  return rows;
}

}  // namespace
}  // namespace shakehook

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace shakehook;
  FuzzedDataProvider input(data, size);
  std::uint32_t state = input.ConsumeIntegral<std::uint32_t>();
  const char delimiter = input.PickValueInArray({',', ';', '\t', '|'});
  const auto line_end =
      input.PickValueInArray({CsvLineEnd::kByFirst, CsvLineEnd::kLineFeed, CsvLineEnd::kCarriageReturn});
  const std::string text = input.ConsumeRemainingBytesAsString();
  const Rows rows = Read(text, CsvParser(delimiter, line_end), [&] { return text.size(); });
  const Rows in_pieces = Read(text, CsvParser(delimiter, line_end), [&] {
    state = state * 1664525 + 1013904223;
    return static_cast<std::size_t>((state >> 24) % 7);
  });
  CHECK(std::ranges::equal(rows, in_pieces, Same));
  if (line_end != CsvLineEnd::kByFirst && !rows.empty()) {
    const std::size_t from = state % rows.size();
    const std::string_view rest = std::string_view(text).substr(static_cast<std::size_t>(rows[from].end));
    Rows again = Read(rest, CsvParser(delimiter, line_end, rows[from].next_line), [&] { return text.size(); });
    for (CsvRecord& row : again) row.end += rows[from].end;
    CHECK(std::ranges::equal(std::span(rows).subspan(from + 1), again, Same));
  }
  for (const CsvRecord& row : rows) {
    // A record of empty cells alone may be an empty line, which is none.
    if (row.fault != CsvFault::kNone || std::ranges::all_of(row.cells, &std::string::empty)) continue;
    const std::string line = ToCsvLine(row.cells, delimiter) + "\r\n";
    const Rows again = Read(line, CsvParser(delimiter, CsvLineEnd::kByFirst), [&] { return line.size(); });
    CHECK(again.size() == 1 && again[0].cells == row.cells);
  }
  return 0;
}
