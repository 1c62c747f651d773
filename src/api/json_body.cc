#include "api/json_body.h"

#include <algorithm>

namespace shakehook {
namespace {

bool EqualIgnoringCase(std::string_view left, std::string_view right) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; };
  return std::ranges::equal(left, right, {}, lower, lower);
}

// A media type without parameters. `charset=utf-8`, which says what JSON is anyway, and others are passed over: RFC
// 8259 gives parameters no meaning, and bytes that are not UTF-8 are refused when they are read.
std::string_view MediaType(std::string_view content_type) {
  content_type = content_type.substr(0, content_type.find(';'));
  while (content_type.ends_with(' ') || content_type.ends_with('\t')) content_type.remove_suffix(1);
  return content_type;
}

bool IsJson(const HttpRequest& request) {
  const std::string* const content_type = request.Header("content-type");
  if (content_type == nullptr) return false;
  const std::string_view type = MediaType(*content_type);
  return EqualIgnoringCase(type, "application/json") ||
         (request.method == "PATCH" && EqualIgnoringCase(type, "application/merge-patch+json"));
}

}  // namespace

std::expected<Json, Problem> JsonBody(const ApiRequest& request) {
  if (!IsJson(request.http)) {
    return std::unexpected(Problem{.status = 415,
                                   .detail = request.http.method == "PATCH"
                                                 ? "Content-Type must be application/json or "
                                                   "application/merge-patch+json."
                                                 : "Content-Type must be application/json."});
  }
  if (request.http.body.empty()) return std::unexpected(Malformed("The body is empty; JSON is expected."));
  std::expected<Json, JsonError> json = ParseJson(request.http.body);
  if (!json) return std::unexpected(Malformed("The body is not JSON: " + json.error().message + "."));
  return *std::move(json);
}

std::expected<Json, Problem> OptionalJsonBody(const ApiRequest& request) {
  if (request.http.body.empty()) return Json(Json::Object());
  return JsonBody(request);
}

}  // namespace shakehook
