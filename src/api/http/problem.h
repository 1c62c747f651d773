// Problem says why a request is refused: RFC 9457's problem details. Only this file maps the errors of the store and of
// checks to HTTP (CONTRACT §4, "Errors").
#pragma once

#include <expected>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/json.h"
#include "model/resource.h"
#include "net/http_server.h"
#include "records/edit_turns.h"
#include "store/store.h"

namespace shakehook {

struct Problem {
  int status = 400;
  std::string detail;              // a sentence for a person
  std::vector<FieldError> errors;  // with 422: each bad field or query parameter
  std::vector<std::pair<std::string, std::string>> headers;
  std::string_view kind = {};  // the end of its `type`; empty: its status and detail say it (complaint.h)

  bool operator==(const Problem&) const = default;
};

// A handler's result: the response, or the problem instead.
using ApiResponse = std::expected<HttpResponse, Problem>;

// 400: bytes that are not in the expected format.
Problem Malformed(std::string detail);
// 403: the key lacks a right.
Problem Forbidden(std::string detail);
// 404: "There is no such contact." The same words for one that is outside the key's scope.
Problem NotFound(std::string_view noun);
Problem Conflict(std::string detail);
// 422, with each error.
Problem Invalid(std::vector<FieldError> errors);
Problem Invalid(std::string field, std::string detail);
// 503 with Retry-After: nothing was changed, and the same request may be sent again.
Problem Unavailable(std::string detail);

// Returns the problem of a store's refusal; `noun` is the kind of thing that the request names in its path or makes
// ("contact").
Problem FromRefusal(const Refusal& refusal, std::string_view noun);

// Returns the problem of a request that got no turn to change a thing: 429 or 503.
Problem FromNoTurn(EditTurns::NoTurn why);
// {field, detail, code, params}
Json FieldErrorJson(const FieldError& error);

HttpResponse ToResponse(const Problem& problem);

}  // namespace shakehook
