// The CSV file of an import: its encoding, its delimiter, its columns, and its number of rows. The import, its dry run
// and the dashboard's preview use the same reader.
#pragma once

#include <array>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "api/http/parameter_reader.h"
#include "base/text_encoding.h"
#include "model/import.h"
#include "records/record_basis.h"

namespace shakehook {

struct ImportParameters {
  ResourceKind kind = ResourceKind::kContact;
  std::optional<std::vector<std::string>> columns;  // absent: as in the header
  std::optional<char> delimiter;                    // absent: as in the file
  std::optional<std::string_view> encoding;         // absent: as in the file
  Switch skip_unknown = Switch::kOff;               // ignores columns whose names are not fields
  Switch dry_run = Switch::kOff;

  static ImportParameters Read(ParameterReader& parameters);
};

// "comma", "semicolon", "tab" or "pipe".
std::string_view NameOfDelimiter(char delimiter);

// ImportText gives a file's text in UTF-8, piece by piece, so that no copy of all of it is made.
class ImportText {
 public:
  // `bytes` outlive it.
  ImportText(std::string_view bytes, std::string_view encoding) : left_(bytes), decoder_(encoding) {}

  // Returns the next piece, which is valid until the next call; nullopt: the text has ended.
  std::optional<std::string_view> Next();

 private:
  std::string_view left_;
  TextDecoder decoder_;
  std::string piece_;
  bool ended_ = false;
};

struct ImportFile {
  // header, columns, encoding, delimiter, line_end, rows, and offset and line of the first row.
  Import import;
  std::string_view bytes;  // the body without a byte order mark
  // For a dry run:
  std::vector<std::string> examples;          // by column: its first cell that is not empty, cut
  std::unordered_set<std::size_t> ids_twice;  // hashes of ids that more than one row has
};

// `import`: what is known before the file is read; `body` outlives the result. The problem: a 422 that says what is
// wrong with the file as a whole, or with a parameter. It runs in pieces on `loop`.
Async<std::expected<ImportFile, Problem>> ReadImportFile(Loop& loop, const HttpRequest& request,
                                                         const RecordBasis& basis, const ImportParameters& parameters,
                                                         Import import);

}  // namespace shakehook
