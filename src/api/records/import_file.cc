#include "api/records/import_file.h"

#include <algorithm>
#include <functional>
#include <utility>

#include "base/ascii.h"
#include "base/csv_parser.h"
#include "base/loop_turn.h"
#include "base/utf8.h"
#include "records/cell_text.h"
#include "records/import_row.h"

namespace shakehook {
namespace {

constexpr std::size_t kColumnsTextMax = 24 * 1024;
constexpr std::size_t kUnknownNamed = 5;
constexpr std::size_t kPieceBytes = 64 * 1024;
constexpr std::size_t kExampleBytes = 200;

struct Delimiter {
  std::string_view name;
  char character;
};
constexpr std::array<Delimiter, 4> kDelimiters = {{{"comma", ','}, {"semicolon", ';'}, {"tab", '\t'}, {"pipe", '|'}}};

std::vector<std::string> SplitAtCommas(std::string_view text) {
  std::vector<std::string> parts;
  for (;;) {
    const auto comma = text.find(',');
    parts.emplace_back(text.substr(0, comma));
    if (comma == std::string_view::npos) return parts;
    text.remove_prefix(comma + 1);
  }
}

Problem NoRows() { return Invalid("", {"no_rows", "has no rows below its header"}); }

// --- Encoding ---

// The `charset` of a Content-Type, where we know it.
std::optional<std::string_view> CharsetOf(const HttpRequest& request) {
  const std::string* const type = request.Header("content-type");
  if (type == nullptr) return std::nullopt;
  const std::string lower = LowerAscii(*type);
  const std::size_t at = lower.find("charset=");
  if (at == std::string::npos) return std::nullopt;
  std::string_view label = std::string_view(lower).substr(at + 8);
  label = TrimmedCell(label.substr(0, label.find(';')));
  if (label.starts_with('"') && label.ends_with('"') && label.size() > 1) label = label.substr(1, label.size() - 2);
  return FindEncoding(label);
}

// Returns the file's encoding: the one that the request names, else that of the byte order mark, else that of the
// bytes. A `charset` counts if the bytes are not UTF-8, because clients have always sent one and were never asked
// whether it is true.
Async<std::expected<RecognizedEncoding, Problem>> EncodingOf(Loop& loop, const HttpRequest& request,
                                                             std::optional<std::string_view> wanted) {
  EncodingRecognizer recognizer;
  for (std::string_view left = request.body; !left.empty();) {
    const std::string_view piece = left.substr(0, 4 * kPieceBytes);
    left.remove_prefix(piece.size());
    recognizer.Add(piece);
    co_await NextTurn(loop);
  }
  const auto found = recognizer.Result();
  if (wanted) {
    const std::size_t mark = found ? found->mark_bytes : 0;
    if (mark > 0 && found->name != *wanted) {
      co_return std::unexpected(
          Invalid("encoding", {"encoding_mark", "is {said}, but the file begins with the byte order mark of {found}",
                               *wanted, found->name}));
    }
    co_return RecognizedEncoding{*wanted, mark};
  }
  if (found && (found->mark_bytes > 0 || found->name == "utf-8")) co_return *found;
  if (const auto charset = CharsetOf(request)) co_return RecognizedEncoding{*charset, 0};
  if (found) co_return *found;
  co_return std::unexpected(
      Invalid("encoding", {"encoding_unknown", "cannot be recognized; name the encoding of the file"}));
}

// --- Delimiter ---

// Excel writes and reads a first line such as `sep=;`.
struct SeparatorLine {
  std::size_t bytes = 0;  // 0: there is none
  char separator = 0;
};

SeparatorLine ReadSeparatorLine(std::string_view text) {
  const std::string_view line = text.substr(0, text.find_first_of("\r\n"));
  if (line.size() == text.size()) return {};
  std::string_view said = line;
  if (said.starts_with('"') && said.ends_with('"') && said.size() > 1) said = said.substr(1, said.size() - 2);
  if (said.size() != 5 || !(said.starts_with("sep=") || said.starts_with("SEP="))) return {};
  const std::size_t end = text.substr(line.size()).starts_with("\r\n") ? 2 : 1;
  return {line.size() + end, said[4]};
}

// The first line with a text has most of it outside of quotes; its quoted cells may have several lines.
char MostUsedDelimiter(std::string_view text) {
  std::array<std::size_t, kDelimiters.size()> counts{};
  bool quoted = false;
  bool blank = true;
  for (const char c : text) {
    if (c == '"') quoted = !quoted;
    if (quoted) continue;
    if ((c == '\n' || c == '\r') && !blank) break;
    blank = blank && (c == ' ' || c == '\n' || c == '\r');
    for (std::size_t i = 0; i < kDelimiters.size(); ++i) counts[i] += c == kDelimiters[i].character ? 1 : 0;
  }
  return kDelimiters[static_cast<std::size_t>(std::ranges::max_element(counts) - counts.begin())].character;
}

// --- Columns ---

// Returns the columns by the header's own names.
std::expected<std::vector<std::string>, Problem> ColumnsByName(const ImportFields& fields,
                                                               const std::vector<std::string>& header,
                                                               Switch skip_unknown) {
  std::vector<std::string> columns;
  std::vector<std::string> unknown;
  for (const std::string& name : header) {
    const bool known = name.empty() || fields.Has(name);
    if (!known) unknown.push_back(name);
    columns.push_back(known ? name : "");
  }
  if (unknown.empty() || skip_unknown == Switch::kOn) return columns;
  std::string names;
  for (std::size_t i = 0; i < std::min(unknown.size(), kUnknownNamed); ++i) {
    names += (i == 0 ? "\"" : ", \"") + unknown[i] + "\"";
  }
  return std::unexpected(
      Invalid("columns",
              {"columns_needed", "is required, because the header has columns that are not fields: {names}", names}));
}

// Returns what is wrong with the columns.
std::optional<Complaint> ComplaintAboutColumns(const ImportFields& fields, const ImportParameters& parameters,
                                               const Import& import) {
  if (import.header.size() > kImportColumnsMax) {
    return Complaint("too_many_columns", "are more than {max}", kImportColumnsMax);
  }
  if (import.columns.size() != import.header.size()) {
    return Complaint("columns_count", "names {count} columns; the header has {header}", import.columns.size(),
                     import.header.size());
  }
  std::unordered_set<std::string> named;
  for (const std::string& column : import.columns) {
    if (column.empty()) continue;
    if (!fields.Has(column)) {
      return Complaint("columns_unknown", "contains \"{name}\", which is not a field", column);
    }
    if (!named.insert(column).second) return Complaint("columns_repeated", "contains {name} twice", column);
  }
  // A first look at a file shows its columns, whatever they are called.
  const bool only_looks = parameters.dry_run == Switch::kOn && parameters.skip_unknown == Switch::kOn;
  if (named.empty() && !only_looks) return Complaint("columns_none", "must contain at least one field");
  return std::nullopt;
}

std::expected<Done, Problem> ReadColumns(const RecordBasis& basis, const ImportParameters& parameters, Import& import) {
  const ImportFields fields(basis);
  if (parameters.columns) {
    import.columns = *parameters.columns;
  } else {
    auto columns = ColumnsByName(fields, import.header, parameters.skip_unknown);
    if (!columns) return std::unexpected(std::move(columns.error()));
    import.columns = *std::move(columns);
  }
  if (auto complaint = ComplaintAboutColumns(fields, parameters, import)) {
    return std::unexpected(Invalid("columns", *std::move(complaint)));
  }
  return Done();
}

// A column without a name is ignored if it is empty; otherwise the caller must say which field it is.
std::optional<Complaint> ComplaintAboutUnnamed(const Import& import, const CsvRecord& row) {
  for (std::size_t i = 0; i < std::min(import.header.size(), row.cells.size()); ++i) {
    if (!import.header[i].empty() || TrimmedCell(row.cells[i]).empty()) continue;
    return Complaint("columns_needed",
                     "is required, because a column without a name is not empty: column {column} in row {row}", i + 1,
                     import.rows);
  }
  return std::nullopt;
}

// --- Rows ---

// Counts the rows, and looks at them for a dry run.
class RowCounter {
 public:
  RowCounter(const ImportParameters& parameters, ImportFile& file) : parameters_(parameters), file_(file) {
    const auto& columns = file.import.columns;
    id_column_ = static_cast<std::size_t>(std::ranges::find(columns, "id") - columns.begin());
    file.examples.resize(columns.size());
  }

  // Returns what this row shows to be wrong with the columns.
  std::optional<Complaint> Count(const CsvRecord& row) {
    ++file_.import.rows;
    if (row.fault != CsvFault::kNone) return std::nullopt;
    if (parameters_.dry_run == Switch::kOn) Look(row);
    if (parameters_.columns || parameters_.skip_unknown == Switch::kOn) return std::nullopt;
    return ComplaintAboutUnnamed(file_.import, row);
  }

 private:
  void Look(const CsvRecord& row) {
    for (std::size_t i = 0; i < std::min(file_.examples.size(), row.cells.size()); ++i) {
      if (file_.examples[i].empty()) file_.examples[i] = CutUtf8(TrimmedCell(row.cells[i]), kExampleBytes);
    }
    if (id_column_ >= row.cells.size()) return;
    const std::string_view id = TrimmedCell(row.cells[id_column_]);
    const std::size_t hash = std::hash<std::string_view>()(id);
    if (!id.empty() && !ids_.insert(hash).second) file_.ids_twice.insert(hash);
  }

  const ImportParameters& parameters_;
  ImportFile& file_;
  std::size_t id_column_;
  std::unordered_set<std::size_t> ids_;
};

// Reads the header, and counts the rows below it.
Async<std::expected<Done, Problem>> ReadRows(Loop& loop, const RecordBasis& basis, const ImportParameters& parameters,
                                             ImportFile& file) {
  Import& import = file.import;
  ImportText text(file.bytes, import.encoding);
  const auto first = text.Next();
  if (!first) co_return std::unexpected(NoRows());
  const SeparatorLine separator = ReadSeparatorLine(*first);
  std::string_view rest = first->substr(separator.bytes);
  const char said = separator.bytes > 0 ? separator.separator : MostUsedDelimiter(rest);
  import.delimiter = parameters.delimiter.value_or(said);
  if (std::ranges::find(kDelimiters, import.delimiter, &Delimiter::character) == kDelimiters.end()) {
    co_return std::unexpected(Invalid(
        "delimiter",
        {"delimiter_unknown", "is required, because the file's first line names a delimiter that is not supported"}));
  }
  CsvParser parser(import.delimiter, CsvLineEnd::kByFirst, separator.bytes > 0 ? 2 : 1);
  parser.Add(rest);
  std::optional<RowCounter> counter;  // once the header is read
  for (bool ended = false;;) {
    for (CsvRecord record; parser.Next(record);) {
      if (counter) {
        if (auto complaint = counter->Count(record)) {
          co_return std::unexpected(Invalid("columns", *std::move(complaint)));
        }
        continue;
      }
      if (record.fault != CsvFault::kNone) {
        co_return std::unexpected(
            Invalid("", {"header_row", "has a header that {what}", ComplaintAbout(record).text()}));
      }
      for (std::string& cell : record.cells) cell = std::string(TrimmedCell(cell));
      import.header = std::move(record.cells);
      import.offset = static_cast<std::int64_t>(separator.bytes) + record.end;
      import.line = record.next_line;
      if (auto read = ReadColumns(basis, parameters, import); !read) co_return std::unexpected(std::move(read.error()));
      counter.emplace(parameters, file);
    }
    if (ended) break;
    co_await NextTurn(loop);
    if (const auto piece = text.Next()) {
      parser.Add(*piece);
    } else {
      parser.End();
      ended = true;
    }
  }
  import.line_end = parser.line_end();
  if (import.rows == 0) co_return std::unexpected(NoRows());
  if (import.rows > kImportRowsMax) {
    co_return std::unexpected(Invalid(
        "", {"too_many_rows", "has {count} rows; an import may have at most {max}", import.rows, kImportRowsMax}));
  }
  co_return Done();
}

}  // namespace

ImportParameters ImportParameters::Read(ParameterReader& parameters) {
  ImportParameters read;
  const std::string kind = parameters.Text("kind");
  if (kind == "account") {
    read.kind = ResourceKind::kAccount;
  } else if (kind != "contact") {
    parameters.Refuse("kind", {"not_one_of", "must be {choices}", "contact or account"});
  }
  if (parameters.Any("columns") != nullptr) read.columns = SplitAtCommas(parameters.Text("columns", kColumnsTextMax));
  if (const std::string* const name = parameters.Any("delimiter")) {
    const auto found = std::ranges::find(kDelimiters, *name, &Delimiter::name);
    if (found != kDelimiters.end()) {
      read.delimiter = found->character;
    } else {
      parameters.Refuse("delimiter", {"not_one_of", "must be {choices}", "comma, semicolon, tab or pipe"});
    }
  }
  if (const std::string* const label = parameters.Any("encoding")) {
    read.encoding = FindEncoding(*label);
    if (!read.encoding) {
      std::string names;
      for (const std::string_view name : KnownEncodings()) names += (names.empty() ? "" : ", ") + std::string(name);
      parameters.Refuse("encoding", {"not_one_of", "must be one of {choices}", names});
    }
  }
  if (parameters.Flag("skip_unknown")) read.skip_unknown = Switch::kOn;
  if (parameters.Flag("dry_run")) read.dry_run = Switch::kOn;
  return read;
}

std::string_view NameOfDelimiter(char delimiter) {
  const auto found = std::ranges::find(kDelimiters, delimiter, &Delimiter::character);
  return found == kDelimiters.end() ? std::string_view("comma") : found->name;
}

std::optional<std::string_view> ImportText::Next() {
  piece_.clear();
  while (piece_.empty() && !ended_) {
    const std::string_view bytes = left_.substr(0, kPieceBytes);
    left_.remove_prefix(bytes.size());
    decoder_.Decode(bytes, piece_);
    if (left_.empty()) {
      decoder_.Finish(piece_);
      ended_ = true;
    }
  }
  if (piece_.empty()) return std::nullopt;
  return piece_;
}

Async<std::expected<ImportFile, Problem>> ReadImportFile(Loop& loop, const HttpRequest& request,
                                                         const RecordBasis& basis, const ImportParameters& parameters,
                                                         Import import) {
  const auto encoding = co_await EncodingOf(loop, request, parameters.encoding);
  if (!encoding) co_return std::unexpected(encoding.error());
  ImportFile file{.import = std::move(import), .bytes = request.body};
  file.import.encoding = encoding->name;
  file.bytes.remove_prefix(encoding->mark_bytes);
  if (auto read = co_await ReadRows(loop, basis, parameters, file); !read) {
    co_return std::unexpected(std::move(read.error()));
  }
  co_return file;
}

}  // namespace shakehook
