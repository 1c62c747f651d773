#include "store/import_texts.h"

#include <utility>

#include "base/check.h"
#include "base/json.h"

namespace shakehook {
namespace {

std::string ErrorsText(const std::vector<FieldError>& errors) {
  Json::Array array;
  for (const FieldError& error : errors) array.push_back(ToJson(error));
  return ToString(Json(std::move(array)));
}

}  // namespace

std::string ToJsonText(const std::vector<std::string>& texts) {
  Json::Array array;
  for (const std::string& text : texts) array.emplace_back(text);
  return ToString(Json(std::move(array)));
}

std::vector<std::string> ReadTexts(std::string_view json) {
  const auto parsed = ParseJson(json);
  CHECK(parsed && parsed->array() != nullptr);
  std::vector<std::string> texts;
  for (const Json& each : *parsed->array()) texts.push_back(*each.text());
  return texts;
}

std::vector<FieldError> ReadErrors(std::string_view json) {
  const auto parsed = ParseJson(json);
  CHECK(parsed && parsed->array() != nullptr);
  std::vector<FieldError> errors;
  for (const Json& each : *parsed->array()) errors.push_back(ReadFieldError(each));
  return errors;
}

std::vector<RefusedRowText> RefusedRowsToKeep(const ImportStep& step, std::int64_t already_refused) {
  std::vector<RefusedRowText> kept;
  std::int64_t refused = already_refused;
  for (const RefusedRow& row : step.refused) {
    if (refused++ >= kImportRefusedRowsKept) break;
    std::size_t bytes = 0;
    for (const std::string& cell : row.cells) bytes += cell.size();
    const auto& cells = bytes <= kImportRefusedBytesKept ? row.cells : std::vector<std::string>();
    kept.push_back({.line = row.row, .errors = ErrorsText(row.errors), .cells = ToJsonText(cells)});
  }
  return kept;
}

}  // namespace shakehook
