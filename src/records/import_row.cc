#include "records/import_row.h"

#include <algorithm>
#include <array>

#include "base/check.h"
#include "model/fold_case.h"
#include "model/free_text.h"
#include "records/cell_text.h"
#include "records/import_number.h"

namespace shakehook {
namespace {

using Value = std::expected<Json, Complaint>;

constexpr std::array<std::string_view, 8> kYes = {"yes", "true", "1", "oui", "vrai", "y", "o", "x"};
constexpr std::array<std::string_view, 6> kNo = {"no", "false", "0", "non", "faux", "n"};
constexpr std::string_view kFormulaStarts = "=+-@";
// MySQL writes this for a missing value.
constexpr std::string_view kMySqlNull = "\\N";

std::string_view TextOf(std::string_view cell) {
  const std::string_view text = TrimmedCell(cell);
  if (text == kMySqlNull) return {};
  const bool inert = text.size() > 1 && text[0] == '\'' && kFormulaStarts.find(text[1]) != std::string_view::npos;
  return inert ? text.substr(1) : text;
}

Value ReadYesNo(std::string_view text) {
  const std::string word = FoldCase(text);
  if (std::ranges::find(kYes, word) != kYes.end()) return Json(true);
  if (std::ranges::find(kNo, word) != kNo.end()) return Json(false);
  return std::unexpected(Complaint("not_yes_or_no", "must be yes or no"));
}

std::string ValueText(const Json& value) { return value.text() != nullptr ? *value.text() : ToString(value); }

Complaint NotAChoice() { return {"not_a_choice", "must be one of the choices"}; }

// Returns why a cell's text is refused as the value of a documented field although the API would accept it: in a file
// such text is an accident. Nullopt: it is not refused.
std::optional<Complaint> AccidentIn(const DocumentedField& field, std::string_view text, char delimiter) {
  const bool of_one_word = field.type == FieldType::kEmail || field.type == FieldType::kAccountId;
  if (of_one_word && HoldsSpace(text)) {
    return Complaint("hidden_character", "contains a space or another character that cannot be seen");
  }
  const bool of_lines = field.name.find("address_line") != std::string_view::npos;
  if (!of_lines && text.find_first_of("\r\n") != std::string_view::npos &&
      text.find(delimiter) != std::string_view::npos) {
    return Complaint("several_rows", "looks like several rows; perhaps a quote is missing");
  }
  return std::nullopt;
}

Value ReadDocumented(const DocumentedField& field, std::string_view text, char delimiter) {
  if (field.type == FieldType::kBoolean) return ReadYesNo(text);
  if (auto accident = AccidentIn(field, text, delimiter)) return std::unexpected(*std::move(accident));
  return Json(text);
}

// Returns what is wrong with the number of cells. A row may end with a delimiter, and cells may be
// missing where the header names no column.
std::optional<Complaint> ComplaintAboutCount(const Import& import, const std::vector<std::string>& cells) {
  const std::size_t wanted = import.columns.size();
  for (std::size_t i = wanted; i < cells.size(); ++i) {
    if (!TrimmedCell(cells[i]).empty()) return Complaint("more_cells", "has more cells than the header");
  }
  for (std::size_t i = cells.size(); i < wanted; ++i) {
    const bool named = !import.columns[i].empty() || (i < import.header.size() && !import.header[i].empty());
    if (named) return Complaint("fewer_cells", "has fewer cells than the header");
  }
  return std::nullopt;
}

}  // namespace

Complaint ComplaintAbout(const CsvRecord& record) {
  const std::int64_t line = record.fault_line;
  switch (record.fault) {
    case CsvFault::kNone:
      break;
    case CsvFault::kQuoteNotClosed:
      return {"quote_not_closed", "has a quote that opens in line {line} and is not closed", line};
    case CsvFault::kTextAfterQuote:
      return {"text_after_quote", "has text after the closing quote of a cell that begins in line {line}", line};
    case CsvFault::kQuoteInCell:
      return {"quote_inside", "has a quote inside a cell that does not begin with one, in line {line}", line};
    case CsvFault::kLineEnd:
      return {"line_end", "has another kind of line end than the first line of the file, in line {line}", line};
    case CsvFault::kTooLong:
      return {"row_too_long", "is longer than {max_kib} KiB, in line {line}", kCsvRecordBytesMax / 1024, line};
    case CsvFault::kTooManyCells:
      return {"too_many_cells", "has more than {max} cells, in line {line}", kCsvCellsMax, line};
    case CsvFault::kNul:
      return {"null_character", "has a character U+0000, in line {line}", line};
  }
  CHECK(false);
}

// --- ImportColumn ---

ImportColumn::ImportColumn(ResourceKind kind, std::string_view field, SharedCustomField custom)
    : is_id_(field == "id"), custom_(std::move(custom)) {
  const auto documented = DocumentedFields(kind);
  const auto found = std::ranges::find(documented, field, &DocumentedField::name);
  if (found != documented.end()) documented_ = &*found;
  if (!custom_) return;
  // A label counts before a value, and the first of several.
  for (std::size_t i = 0; i < custom_->options.size(); ++i) choices_.emplace(FoldCase(custom_->options[i].label), i);
  for (std::size_t i = 0; i < custom_->options.size(); ++i) {
    choices_.emplace(FoldCase(ValueText(custom_->options[i].value)), i);
  }
}

std::optional<std::size_t> ImportColumn::ChoiceOf(std::string_view text) const {
  const auto found = choices_.find(FoldCase(text));
  if (found == choices_.end()) return std::nullopt;
  return found->second;
}

ImportColumn::Value ImportColumn::ReadChoices(std::string_view text) const {
  Json::Array values;
  std::vector<bool> chosen(custom_->options.size());
  while (!text.empty()) {
    const std::size_t bar = std::min(text.find('|'), text.size());
    const std::string_view part = TrimmedCell(text.substr(0, bar));
    text.remove_prefix(std::min(bar + 1, text.size()));
    if (part.empty()) continue;
    const auto choice = ChoiceOf(part);
    if (!choice) return std::unexpected(NotAChoice());
    if (!chosen[*choice]) values.push_back(custom_->options[*choice].value);
    chosen[*choice] = true;
  }
  return Json(std::move(values));
}

ImportColumn::Value ImportColumn::ReadCustom(std::string_view text, char delimiter) const {
  switch (custom_->type) {
    case CustomFieldType::kNumber:
      return ReadImportNumber(text, delimiter);
    case CustomFieldType::kSelect:
      if (const auto choice = ChoiceOf(text)) return custom_->options[*choice].value;
      return std::unexpected(NotAChoice());
    case CustomFieldType::kMultiselect:
      return ReadChoices(text);
    case CustomFieldType::kObject: {
      auto json = ParseJson(text);
      if (!json || json->object() == nullptr)
        return std::unexpected(Complaint("not_an_object", "must be a JSON object"));
      return *std::move(json);
    }
    case CustomFieldType::kText:
    case CustomFieldType::kDate:
      break;
  }
  return Json(text);
}

std::optional<ImportColumn::Value> ImportColumn::Read(std::string_view text, char delimiter) const {
  if (is_id_) {
    if (IsValidTextId(text)) return Json(text);
    return Value(std::unexpected(BadTextId()));
  }
  if (documented_ != nullptr) return ReadDocumented(*documented_, text, delimiter);
  if (!custom_) return std::nullopt;
  return ReadCustom(text, delimiter);
}

// --- ImportRowReader ---

ImportRowReader::ImportRowReader(const RecordBasis& basis, const Import& import) : import_(import) {
  std::map<std::string, SharedCustomField, std::less<>> custom;
  for (const SharedCustomField& field : basis.fields) custom.emplace(field->Code(), field);
  for (const std::string& field : import.columns) {
    const auto found = custom.find(field);
    columns_.emplace_back(basis.kind, field, found == custom.end() ? nullptr : found->second);
  }
}

std::expected<Json, std::vector<FieldError>> ImportRowReader::Read(const std::vector<std::string>& cells) const {
  if (auto complaint = ComplaintAboutCount(import_, cells)) {
    return std::unexpected(std::vector<FieldError>{{"", *std::move(complaint)}});
  }
  std::vector<FieldError> errors;
  Json patch{Json::Object()};
  for (std::size_t i = 0; i < std::min(columns_.size(), cells.size()); ++i) {
    const std::string& field = import_.columns[i];
    const std::string_view text = TextOf(cells[i]);
    if (field.empty() || text.empty()) continue;
    if (HoldsReplacement(cells[i])) {
      errors.push_back({field, {"unreadable_character", "contains a character that could not be read (U+FFFD)"}});
      continue;
    }
    auto value = columns_[i].Read(text, import_.delimiter);
    if (!value) continue;
    if (*value) {
      patch.Add(field, **std::move(value));
    } else {
      errors.push_back({field, std::move(value->error())});
    }
  }
  std::ranges::move(FaultsOfTexts(patch), std::back_inserter(errors));
  if (!errors.empty()) return std::unexpected(std::move(errors));
  return patch;
}

ImportFields::ImportFields(const RecordBasis& basis) : names_{"id"} {
  for (const DocumentedField& field : DocumentedFields(basis.kind)) names_.emplace(field.name);
  for (const SharedCustomField& field : basis.fields) names_.insert(field->Code());
}

std::string InertCell(const std::string& cell) {
  const std::string_view text = TrimmedCell(cell);
  const bool formula = !text.empty() && kFormulaStarts.find(text[0]) != std::string_view::npos;
  return formula ? "'" + cell : cell;
}

}  // namespace shakehook
