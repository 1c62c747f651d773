#include "api/http/parameter_reader.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include "api/http/percent_coding.h"
#include "model/free_text.h"

namespace shakehook {
namespace {

constexpr std::int64_t kUnixMsMax = 253'402'300'799'999;  // the year 9999 ends

}  // namespace

std::expected<NamedValues, Problem> ParseQuery(std::string_view query, std::span<const std::string_view> known,
                                               std::span<const std::string_view> repeatable) {
  NamedValues parameters;
  std::vector<FieldError> errors;
  while (!query.empty()) {
    const std::string_view part = query.substr(0, query.find('&'));
    query.remove_prefix(std::min(query.size(), part.size() + 1));
    if (part.empty()) continue;
    const std::size_t equals = part.find('=');
    const auto name = PercentDecode(part.substr(0, equals), PlusSign::kSpace);
    if (!name) return std::unexpected(Problem("malformed", "The query is not well percent-encoded UTF-8."));
    auto value = PercentDecode(equals == std::string_view::npos ? "" : part.substr(equals + 1), PlusSign::kSpace);
    if (std::ranges::find(known, *name) == known.end()) {
      errors.push_back({*name, {"unknown_parameter", "is not a known parameter"}});
    } else if (!value) {
      errors.push_back({*name, {"badly_encoded", "is not well percent-encoded UTF-8"}});
    } else if (auto fault = FaultOfText(*value)) {
      errors.push_back({*name, *std::move(fault)});
    } else if (std::ranges::find(repeatable, *name) == repeatable.end() &&
               std::ranges::find(parameters, *name, &NamedValues::value_type::first) != parameters.end()) {
      errors.push_back({*name, {"repeated", "is given twice"}});
    } else {
      parameters.emplace_back(*name, *std::move(value));
    }
  }
  if (!errors.empty()) return std::unexpected(Invalid(std::move(errors)));
  return parameters;
}

std::optional<std::int64_t> ParameterReader::Integer(std::string_view name, std::int64_t min, std::int64_t max) {
  const std::string* const text = Any(name);
  if (text == nullptr) return std::nullopt;
  std::int64_t value = 0;
  const char* const end = text->data() + text->size();
  const auto result = std::from_chars(text->data(), end, value);
  if (result.ec == std::errc() && result.ptr == end && value >= min && value <= max) return value;
  Refuse(name, {"not_in_range", "must be an integer from {min} to {max}", min, max});
  return std::nullopt;
}

std::optional<Timestamp> ParameterReader::Time(std::string_view name) {
  const std::optional<std::int64_t> unix_ms = Integer(name, 0, kUnixMsMax);
  if (!unix_ms) return std::nullopt;
  return FromUnixMs(*unix_ms);
}

bool ParameterReader::Flag(std::string_view name) {
  const std::string* const text = Any(name);
  if (text == nullptr || *text == "false") return false;
  if (*text != "true") Refuse(name, {"wrong_type", "must be true or false"});
  return true;
}

std::string ParameterReader::Text(std::string_view name, std::size_t bytes_max) {
  const std::string* const text = Any(name);
  if (text == nullptr) return "";
  if (text->size() <= bytes_max) return *text;
  Refuse(name, {"too_long", "is longer than {max} bytes", bytes_max});
  return "";
}

void ParameterReader::Refuse(std::string_view name, Complaint complaint) {
  errors_.push_back({std::string(name), std::move(complaint)});
}

std::optional<Problem> ParameterReader::Finish() {
  if (errors_.empty()) return std::nullopt;
  return Invalid(std::exchange(errors_, {}));
}

}  // namespace shakehook
