// The query of a request, and its parameters by type. All errors are collected, so that the caller gets them at once
// (422). Names that a route does not know are refused before its handler runs.
#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "api/http/api_request.h"

namespace shakehook {

// `query` is the part after the '?'. The problem is a 422 that names each parameter that is unknown, given twice or not
// well encoded.
std::expected<NamedValues, Problem> ParseQuery(std::string_view query, std::span<const std::string_view> known,
                                               std::span<const std::string_view> repeatable = {});

class ParameterReader {
 public:
  // `request` outlives the reader.
  explicit ParameterReader(const ApiRequest& request) : request_(request) {}

  // Each returns nullopt or null if the parameter is absent or refused.
  std::optional<std::int64_t> Integer(std::string_view name, std::int64_t min, std::int64_t max);
  std::optional<Timestamp> Time(std::string_view name);
  // Returns the text, null if absent.
  const std::string* Any(std::string_view name) const { return request_.Query(name); }
  // Reads `true` or `false`; false if absent.
  bool Flag(std::string_view name);
  // Returns every value of a parameter that may be given several times.
  std::vector<std::string> All(std::string_view name) const { return request_.QueryAll(name); }
  // Returns the text, "" if absent.
  std::string Text(std::string_view name, std::size_t bytes_max = 1024);

  void Refuse(std::string_view name, Complaint complaint);
  // Returns nullopt if all parameters were good.
  std::optional<Problem> Finish();

 private:
  const ApiRequest& request_;
  std::vector<FieldError> errors_;
};

}  // namespace shakehook
