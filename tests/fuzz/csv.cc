// A CSV text: in pieces it is read as at once, and what is written of a record reads back as it.
#include <fuzzer/FuzzedDataProvider.h>

#include <algorithm>
#include <functional>

#include "base/check.h"
#include "base/csv_parser.h"

namespace shakehook {
namespace {

using Rows = std::vector<std::vector<std::string>>;

Rows Read(std::string_view text, char delimiter, const std::function<std::size_t()>& next_piece) {
  CsvParser parser(delimiter);
  Rows rows;
  CsvRecord record;
  while (!text.empty()) {
    std::string_view piece = text.substr(0, std::max<std::size_t>(1, next_piece()));
    text.remove_prefix(piece.size());
    while (parser.Next(piece, record)) {
      CHECK(!record.too_long && !record.cells.empty());
      rows.push_back(record.cells);
    }
    CHECK(piece.empty());
  }
  if (parser.Finish(record)) rows.push_back(record.cells);
  return rows;
}

}  // namespace
}  // namespace shakehook

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace shakehook;
  FuzzedDataProvider input(data, size);
  std::uint32_t state = input.ConsumeIntegral<std::uint32_t>();
  const char delimiter = input.PickValueInArray({',', ';', '\t', '|'});
  const std::string text = input.ConsumeRemainingBytesAsString();
  const Rows rows = Read(text, delimiter, [&] { return text.size(); });
  const Rows in_pieces = Read(text, delimiter, [&] {
    state = state * 1664525 + 1013904223;
    return static_cast<std::size_t>((state >> 24) % 7);
  });
  CHECK(rows == in_pieces);
  for (const auto& row : rows) {
    // A record of empty cells alone may be an empty line, which is none.
    if (std::ranges::all_of(row, &std::string::empty)) continue;
    const std::string line = ToCsvLine(row, delimiter) + "\r\n";
    const Rows again = Read(line, delimiter, [&] { return line.size(); });
    CHECK(again.size() == 1 && again[0] == row);
  }
  return 0;
}
