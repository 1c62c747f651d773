#include "api/http/problem.h"

#include <algorithm>

#include "base/json.h"

namespace shakehook {
namespace {

constexpr const char* kRetryAfter = "Retry-After";
constexpr const char* kRetryAfterSeconds = "1";

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

ProblemKind ProblemKind::OfStatus(int status) {
  const auto found = std::ranges::find(kAll, status, &Entry::status);
  return found == kAll.end() ? ProblemKind("internal") : ProblemKind(*found);
}

Problem&& Problem::With(std::string name, std::string value) && {
  headers.emplace_back(std::move(name), std::move(value));
  return std::move(*this);
}

Problem NotFound(std::string_view noun) { return {"not-found", "There is no such {noun}.", noun}; }

Problem Invalid(std::vector<FieldError> errors) {
  const std::size_t count = errors.size();
  if (count > kErrorsToldMax) errors.erase(errors.begin() + kErrorsToldMax, errors.end());
  Problem problem = count == 1 ? Problem("validation", "One field or parameter is not valid.")
                               : Problem("validation", "{count} fields or parameters are not valid.", count);
  problem.errors = std::move(errors);
  return problem;
}

Problem Invalid(std::string field, Complaint complaint) {
  return Invalid(std::vector<FieldError>{{std::move(field), std::move(complaint)}});
}

Problem StillRunning() { return {"still-running", "A request with this Idempotency-Key is still running."}; }

Problem Unavailable(Sentence detail) {
  return Problem("unavailable", std::move(detail)).With(kRetryAfter, kRetryAfterSeconds);
}

Problem FromRefusal(const Refusal& refusal, std::string_view noun) {
  switch (refusal.kind) {
    case Refusal::Kind::kUnavailable:
      return Unavailable("The store cannot take the request now. Nothing was changed; try again.");
    case Refusal::Kind::kVersionConflict:
      return Unavailable("The {noun} is being changed by other requests at the moment. Nothing was changed; try again.",
                         noun);
    case Refusal::Kind::kExists:
      return {"already-exists", "There is a {noun} with this id already.", noun};
    case Refusal::Kind::kMissing:
      return NotFound(noun);
    case Refusal::Kind::kAnswered:
      return StillRunning();
    case Refusal::Kind::kBusy:
      return Problem("too-many-requests",
                     "The API key has too many requests running: {what}. Wait for one of them to end.", refusal.detail)
          .With(kRetryAfter, kRetryAfterSeconds);
    case Refusal::Kind::kNotEmpty:
      return {"in-use", "The {noun} still holds {what}.", noun, refusal.detail};
    case Refusal::Kind::kFull:
      return {"limit-reached",     "{where} has {count} {what}; it may have at most {max}.",
              refusal.limit.where, refusal.limit.count,
              refusal.limit.what,  refusal.limit.max};
    case Refusal::Kind::kLast:
      return {"last-administrator", "This user is the last administrator; there must always be one."};
  }
  return Unavailable("The store cannot take the request now.");
}

Problem FromNoTurn(EditTurns::NoTurn why) {
  if (why == EditTurns::NoTurn::kTooLong) {
    return Unavailable(
        "Too many requests change the same record at the moment, and this one waited too long. Nothing was changed; "
        "try again.");
  }
  return Problem("too-many-requests",
                 "More than {max} requests are waiting to change the same record; send them one after the other.",
                 EditTurns::kWaitingMax)
      .With(kRetryAfter, kRetryAfterSeconds);
}

std::string ProblemType(std::string_view kind) { return "/docs#problem-" + std::string(kind); }

HttpResponse ToResponse(const Problem& problem) {
  Json body{Json::Object()};
  body.Add("type", ProblemType(problem.kind.name()));
  body.Add("title", TitleOf(problem.status()));
  body.Add("status", problem.status());
  body.Add("detail", problem.detail.text);
  if (!problem.detail.params.object()->empty()) body.Add("params", problem.detail.params);
  if (!problem.errors.empty()) {
    Json::Array errors;
    for (const FieldError& error : problem.errors) errors.push_back(ToJson(error));
    body.Add("errors", Json(std::move(errors)));
  }
  HttpResponse response{.status = problem.status()};
  response.headers.emplace_back("Content-Type", "application/problem+json");
  response.headers.insert(response.headers.end(), problem.headers.begin(), problem.headers.end());
  response.body = ToString(body);
  return response;
}

}  // namespace shakehook
