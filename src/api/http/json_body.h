// The JSON body of a request, as real clients send it: with a byte order mark (RFC 8259, section 8.1, allows to skip
// it), parameters and capitals in its Content-Type, white space.
#pragma once

#include <expected>
#include <string_view>

#include "api/http/api_request.h"
#include "base/json.h"

namespace shakehook {

// Returns any JSON value whose texts and keys are free text (model/free_text.h). The problem: 415 for a body whose type
// is not JSON (application/json or text/json; for a PATCH also application/merge-patch+json) or that is compressed, 400
// for bytes that are not JSON in UTF-8, 422 for NUL and noncharacters, with the fields.
std::expected<Json, Problem> JsonBody(ApiRequest& request);

// Returns the text of the body, without a byte order mark; the problems are 415, and 400 for an empty one.
std::expected<std::string_view, Problem> JsonText(const ApiRequest& request);
// Reads a text: the body, or its item `path`. The problems are JsonBody's 400 and 422.
std::expected<Json, Problem> ReadJson(std::string_view text, std::string_view path = "");

// Like JsonBody, but an empty body is an empty object.
std::expected<Json, Problem> OptionalJsonBody(ApiRequest& request);
// Checks the body of a request that says all in its path: it is empty, or an object without members. Returns the
// problem if it is not.
std::optional<Problem> CheckNoFields(ApiRequest& request);
// Like ReadJson, in turns if the text is long.
Async<std::expected<Json, Problem>> ReadJsonInTurns(Loop& loop, std::string_view text, std::string_view path = {});
// Reads a long body of JSON in turns, for JsonBody to take. Does nothing if it is short, or is not JSON.
inline constexpr std::size_t kLongBodyBytes = 32 * 1024;
Async<> ReadLongBody(ApiRequest& request);

// The problem: 415 for a body with a Content-Encoding; the server decodes none.
std::expected<Done, Problem> CheckContentEncoding(const HttpRequest& request);

}  // namespace shakehook
