#include "api/import_row.h"

#include <algorithm>
#include <array>
#include <optional>

#include "api/field_reader.h"
#include "model/fold_case.h"
#include "model/free_text.h"

namespace shakehook {
namespace {

using Read = std::expected<Json, std::string>;

constexpr std::array<std::string_view, 8> kYes = {"yes", "true", "1", "oui", "vrai", "y", "o", "x"};
constexpr std::array<std::string_view, 6> kNo = {"no", "false", "0", "non", "faux", "n"};
constexpr std::string_view kFormulaStarts = "=+-@";

std::string_view Trimmed(std::string_view text) {
  constexpr std::string_view kSpaces = " \t\r\n";
  const auto first = text.find_first_not_of(kSpaces);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kSpaces) - first + 1);
}

std::string_view TextOf(std::string_view cell) {
  const std::string_view text = Trimmed(cell);
  const bool inert = text.size() > 1 && text[0] == '\'' && kFormulaStarts.find(text[1]) != std::string_view::npos;
  return inert ? text.substr(1) : text;
}

Read ReadYesNo(std::string_view text) {
  const std::string word = FoldCase(text);
  if (std::ranges::find(kYes, word) != kYes.end()) return Json(true);
  if (std::ranges::find(kNo, word) != kNo.end()) return Json(false);
  return std::unexpected("must be yes or no");
}

// Where columns part at something else, decimals may have commas.
Read ReadNumber(std::string_view text, char delimiter) {
  std::string number(text);
  if (delimiter != ',') std::ranges::replace(number, ',', '.');
  // A JSON number begins with one digit that is not 0, or with 0 and a dot.
  const std::size_t digits = number.starts_with('-') ? 1 : 0;
  while (number.size() > digits + 1 && number[digits] == '0' &&
         std::isdigit(static_cast<unsigned char>(number[digits + 1]))) {
    number.erase(digits, 1);
  }
  auto json = ParseJson(number);
  if (!json || json->number() == nullptr) return std::unexpected("must be a number");
  return *std::move(json);
}

std::string ValueText(const Json& value) { return value.text() != nullptr ? *value.text() : ToString(value); }

std::optional<Json> OptionOf(const CustomField& field, std::string_view text) {
  const std::string wanted = FoldCase(text);
  for (const CustomFieldOption& option : field.options) {
    if (FoldCase(option.label) == wanted) return option.value;
  }
  for (const CustomFieldOption& option : field.options) {
    if (FoldCase(ValueText(option.value)) == wanted) return option.value;
  }
  return std::nullopt;
}

Read ReadOptions(const CustomField& field, std::string_view text) {
  Json::Array values;
  while (!text.empty()) {
    const std::string_view part = Trimmed(text.substr(0, text.find('|')));
    text.remove_prefix(
        std::min(text.size(), text.find('|') == std::string_view::npos ? text.size() : text.find('|') + 1));
    if (part.empty()) continue;
    auto value = OptionOf(field, part);
    if (!value) return std::unexpected("must be one of the choices");
    if (std::ranges::find(values, *value) == values.end()) values.push_back(*std::move(value));
  }
  return Json(std::move(values));
}

Read ReadCustom(const CustomField& field, std::string_view text, char delimiter) {
  switch (field.type) {
    case CustomFieldType::kNumber:
      return ReadNumber(text, delimiter);
    case CustomFieldType::kSelect:
      if (auto value = OptionOf(field, text)) return *std::move(value);
      return std::unexpected("must be one of the choices");
    case CustomFieldType::kMultiselect:
      return ReadOptions(field, text);
    case CustomFieldType::kObject: {
      auto json = ParseJson(text);
      if (!json || json->object() == nullptr) return std::unexpected("must be a JSON object");
      return *std::move(json);
    }
    case CustomFieldType::kText:
    case CustomFieldType::kDate:
      break;
  }
  return Json(text);
}

const CustomField* FindCustom(const ResourceBasis& basis, std::string_view code) {
  const auto found = std::ranges::find_if(basis.fields, [&](const auto& field) { return field->Code() == code; });
  return found == basis.fields.end() ? nullptr : found->get();
}

// Nothing: the column's field is gone.
std::optional<Read> ReadCell(const ResourceBasis& basis, const std::string& field, std::string_view text,
                             char delimiter) {
  if (field == "id") {
    if (IsValidTextId(text)) return Json(text);
    return Read(std::unexpected(std::string(kTextIdRule)));
  }
  for (const DocumentedField& documented : DocumentedFields(basis.kind)) {
    if (documented.name == field) return documented.type == FieldType::kBoolean ? ReadYesNo(text) : Read(Json(text));
  }
  const CustomField* const custom = FindCustom(basis, field);
  if (custom == nullptr) return std::nullopt;
  return ReadCustom(*custom, text, delimiter);
}

}  // namespace

std::expected<Json, std::vector<FieldError>> ReadImportRow(const ResourceBasis& basis,
                                                           const std::vector<std::string>& columns, char delimiter,
                                                           const std::vector<std::string>& cells) {
  std::vector<FieldError> errors;
  Json patch{Json::Object()};
  for (std::size_t i = columns.size(); i < cells.size(); ++i) {
    if (Trimmed(cells[i]).empty()) continue;
    errors.push_back({"", "has more cells than the header"});
    break;
  }
  for (std::size_t i = 0; i < std::min(columns.size(), cells.size()); ++i) {
    const std::string_view text = TextOf(cells[i]);
    if (columns[i].empty() || text.empty()) continue;
    auto read = ReadCell(basis, columns[i], text, delimiter);
    if (!read) continue;
    if (*read) {
      patch.Add(columns[i], **std::move(read));
    } else {
      errors.push_back({columns[i], std::move(read->error())});
    }
  }
  if (patch.Find("id") == nullptr) {
    for (const SharedCustomField& field : basis.fields) {
      const std::string code = field->Code();
      const bool refused = std::ranges::any_of(errors, [&](const FieldError& error) { return error.field == code; });
      if (field->required == Switch::kOff || refused || patch.Find(code) != nullptr) continue;
      errors.push_back({code, "is required of a new record"});
    }
  }
  std::ranges::move(FaultsOfTexts(patch), std::back_inserter(errors));
  if (!errors.empty()) return std::unexpected(std::move(errors));
  return patch;
}

bool IsImportField(const ResourceBasis& basis, std::string_view field) {
  if (field == "id" || FindCustom(basis, field) != nullptr) return true;
  return std::ranges::any_of(DocumentedFields(basis.kind), [&](const auto& each) { return each.name == field; });
}

std::string InertCell(const std::string& cell) {
  const std::string_view text = Trimmed(cell);
  const bool formula = !text.empty() && kFormulaStarts.find(text[0]) != std::string_view::npos;
  return formula ? "'" + cell : cell;
}

}  // namespace shakehook
