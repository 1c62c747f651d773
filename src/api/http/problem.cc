#include "api/http/problem.h"

#include "api/http/complaint.h"
#include "base/json.h"

namespace shakehook {
namespace {

constexpr std::string_view kRetryAfterSeconds = "1";

std::string_view TitleOf(int status) {
  switch (status) {
    case 400:
      return "Bad Request";
    case 401:
      return "Unauthorized";
    case 403:
      return "Forbidden";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 408:
      return "Request Timeout";
    case 409:
      return "Conflict";
    case 412:
      return "Precondition Failed";
    case 413:
      return "Content Too Large";
    case 415:
      return "Unsupported Media Type";
    case 417:
      return "Expectation Failed";
    case 422:
      return "Unprocessable Content";
    case 429:
      return "Too Many Requests";
    case 431:
      return "Request Header Fields Too Large";
    case 500:
      return "Internal Server Error";
    case 501:
      return "Not Implemented";
    case 503:
      return "Service Unavailable";
    case 505:
      return "HTTP Version Not Supported";
    default:
      return "Error";
  }
}

}  // namespace

Problem Malformed(std::string detail) { return {.status = 400, .detail = std::move(detail)}; }

Problem Forbidden(std::string detail) { return {.status = 403, .detail = std::move(detail)}; }

Problem NotFound(std::string_view noun) {
  return {.status = 404, .detail = "There is no such " + std::string(noun) + "."};
}

Problem Conflict(std::string detail) { return {.status = 409, .detail = std::move(detail)}; }

Problem Invalid(std::vector<FieldError> errors) {
  const std::size_t count = errors.size();
  if (count > kErrorsToldMax) errors.resize(kErrorsToldMax);
  return {.status = 422,
          .detail = count == 1 ? "One field or parameter is not valid."
                               : std::to_string(count) + " fields or parameters are not valid.",
          .errors = std::move(errors)};
}

Problem Invalid(std::string field, std::string detail) {
  return Invalid(std::vector<FieldError>{{std::move(field), std::move(detail)}});
}

Problem Unavailable(std::string detail) {
  return {.status = 503, .detail = std::move(detail), .headers = {{"Retry-After", std::string(kRetryAfterSeconds)}}};
}

Problem FromRefusal(const Refusal& refusal, std::string_view noun) {
  switch (refusal.kind) {
    case Refusal::Kind::kUnavailable:
      return Unavailable("The store cannot take the request now. Nothing was changed; try again.");
    case Refusal::Kind::kVersionConflict:
      return Unavailable("The " + std::string(noun) +
                         " is being changed by other requests at the moment. Nothing was changed; try again.");
    case Refusal::Kind::kExists:
      return Conflict("There is a " + std::string(noun) + " with this id already.");
    case Refusal::Kind::kMissing:
      return NotFound(noun);
    case Refusal::Kind::kBusy:
      return {
          .status = 429,
          .detail = "The API key has too many requests running: " + refusal.detail + ". Wait for one of them to end.",
          .headers = {{"Retry-After", std::string(kRetryAfterSeconds)}}};
    case Refusal::Kind::kNotEmpty:
      return Conflict("The " + std::string(noun) + " still holds " + refusal.detail + ".");
    case Refusal::Kind::kFull:
      return Conflict(refusal.detail);
    case Refusal::Kind::kLast:
      return Conflict("This user is the last administrator; there must always be one.");
  }
  return Unavailable("The store cannot take the request now.");
}

Problem FromNoTurn(EditTurns::NoTurn why) {
  if (why == EditTurns::NoTurn::kTooLong) {
    return Unavailable(
        "Too many requests change the same record at the moment, and this one waited too long. Nothing was changed; "
        "try again.");
  }
  return {.status = 429,
          .detail = "More than " + std::to_string(EditTurns::kWaitingMax) +
                    " requests are waiting to change the same record; send them one after the other.",
          .headers = {{"Retry-After", std::string(kRetryAfterSeconds)}}};
}

Json FieldErrorJson(const FieldError& error) {
  Complaint complaint = ComplaintOf(error.detail);
  Json json{Json::Object()};
  json.Add("field", error.field);
  json.Add("detail", error.detail);
  json.Add("code", complaint.code);
  json.Add("params", std::move(complaint.params));
  return json;
}

HttpResponse ToResponse(const Problem& problem) {
  Json body{Json::Object()};
  Complaint kind = ProblemKindOf(problem.status, problem.detail);
  body.Add("type", ProblemType(problem.kind.empty() ? kind.code : problem.kind));
  body.Add("title", TitleOf(problem.status));
  body.Add("status", problem.status);
  body.Add("detail", problem.detail);
  if (!kind.params.object()->empty()) body.Add("params", std::move(kind.params));
  if (!problem.errors.empty()) {
    Json::Array errors;
    for (const FieldError& error : problem.errors) {
      errors.push_back(FieldErrorJson(error));
    }
    body.Add("errors", Json(std::move(errors)));
  }
  HttpResponse response{.status = problem.status};
  response.headers.emplace_back("Content-Type", "application/problem+json");
  response.headers.insert(response.headers.end(), problem.headers.begin(), problem.headers.end());
  response.body = ToString(body);
  return response;
}

}  // namespace shakehook
