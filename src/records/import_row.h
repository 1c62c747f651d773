// ImportColumn reads the cells of a CSV file's row as the fields that their columns fill.
//
//   cell            read as
//   (any)           the text without invisible characters around it (cell_text.h), and without the apostrophe that
//                   makes a formula inert; empty, or \N as MySQL writes it: leaves the field as it is
//   yes or no       yes true 1 oui vrai y o x, no false 0 non faux n
//   number          import_number.h
//   select          a choice's label or its value, whatever the case; multiselect: several, separated by |
//   object          a JSON object
//
// A row with more cells than the header, or fewer, is refused; so is a cell with U+FFFD, an e-mail address with a space
// in it, and a name that holds both a line end and a delimiter: two quotes are missing somewhere.
#pragma once

#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "base/complaint.h"
#include "base/csv_parser.h"
#include "base/json.h"
#include "model/import.h"
#include "records/record_basis.h"

namespace shakehook {

// Returns what is wrong with a record. Precondition: it has a fault.
Complaint ComplaintAbout(const CsvRecord& record);

// ImportColumn is one column of the file, and reads its cells for the field that it fills.
class ImportColumn {
 public:
  using Value = std::expected<Json, Complaint>;

  // `custom`: the field, where it is a custom one.
  ImportColumn(ResourceKind kind, std::string_view field, SharedCustomField custom);

  // Returns a cell's value, or what is wrong with it; nullopt: the column fills no existing field.
  std::optional<Value> Read(std::string_view text, char delimiter) const;

 private:
  std::optional<std::size_t> ChoiceOf(std::string_view text) const;
  Value ReadChoices(std::string_view text) const;
  Value ReadCustom(std::string_view text, char delimiter) const;

  bool is_id_;
  const DocumentedField* documented_ = nullptr;
  SharedCustomField custom_;
  std::unordered_map<std::string, std::size_t>
      choices_;  // a custom field's options: the index of the option that a text means
};

// Reads rows of one import; made for a step, because the custom fields may change between two.
class ImportRowReader {
 public:
  // `import` outlives the reader.
  ImportRowReader(const RecordBasis& basis, const Import& import);

  // Returns a merge patch, or what is wrong with the row. Columns whose custom field was deleted are ignored.
  std::expected<Json, std::vector<FieldError>> Read(const std::vector<std::string>& cells) const;

 private:
  const Import& import_;
  std::vector<ImportColumn> columns_;
};

// The fields that a column may fill: "id", the documented ones, the custom ones of the venue.
class ImportFields {
 public:
  explicit ImportFields(const RecordBasis& basis);
  bool Has(const std::string& field) const { return names_.contains(field); }

 private:
  std::unordered_set<std::string> names_;
};

// Returns a refused row's cells so that a spreadsheet can open them: none of them is taken for a formula.
std::string InertCell(const std::string& cell);

}  // namespace shakehook
