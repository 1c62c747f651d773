// Problem says why a request is refused: RFC 9457's problem details. Only this file maps the errors of the store and of
// checks to HTTP (CONTRACT §4, "Errors").
//
//   return std::unexpected(Problem("in-use", "The {noun} still holds {what}.", noun, what));
#pragma once

#include <array>
#include <expected>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/json.h"
#include "base/sentence.h"
#include "model/field_error.h"
#include "net/http_server.h"
#include "records/edit_turns.h"
#include "store/store.h"

namespace shakehook {

// Not constexpr, so that a call ends the compilation; its name is the message.
void ThereIsNoSuchKindOfProblem();

// A ProblemKind is what clients tell problems apart by: the end of the problem's `type`. It has one status; a status
// may have several kinds.
class ProblemKind {
 public:
  struct Entry {
    std::string_view name;
    int status;

    bool operator==(const Entry&) const = default;
  };
  // A new kind is added here, to the description of the API (src/api/openapi), and to the dashboard's texts. The first
  // kind of a status is the general one.
  static constexpr auto kAll = std::to_array<Entry>({
      {"malformed", 400},
      {"not-signed-in", 401},
      {"wrong-credentials", 401},
      {"second-factor-needed", 401},
      {"wrong-code", 401},
      {"forbidden", 403},
      {"password-change-needed", 403},
      {"not-found", 404},
      {"method-not-allowed", 405},
      {"request-timeout", 408},
      {"conflict", 409},
      {"already-exists", 409},
      {"in-use", 409},
      {"limit-reached", 409},
      {"last-administrator", 409},
      {"webhook-deleted", 409},
      {"still-running", 409},
      {"inboxes-off", 409},
      {"changed-meanwhile", 412},
      {"too-large", 413},
      {"unsupported-media-type", 415},
      {"expectation-failed", 417},
      {"validation", 422},
      {"too-many-requests", 429},
      {"quota-used-up", 429},
      {"too-many-mails", 429},
      {"headers-too-large", 431},
      {"internal", 500},
      {"not-implemented", 501},
      {"unavailable", 503},
      {"draining", 503},
      {"http-version", 505},
  });

  // NOLINTNEXTLINE(google-explicit-constructor): a literal is written where a kind is expected.
  consteval ProblemKind(const char* literal) : entry_(Find(literal)) {}

  // Returns the general kind of a status; "internal" where the status has none.
  static ProblemKind OfStatus(int status);

  std::string_view name() const { return entry_.name; }
  int status() const { return entry_.status; }

  bool operator==(const ProblemKind&) const = default;

 private:
  constexpr explicit ProblemKind(Entry entry) : entry_(entry) {}
  static consteval Entry Find(std::string_view name) {
    for (const Entry& entry : kAll) {
      if (entry.name == name) return entry;
    }
    ThereIsNoSuchKindOfProblem();
    return {};
  }

  Entry entry_;
};

struct Problem {
  template <class... Values>
  Problem(ProblemKind problem_kind, SentenceForm<sizeof...(Values)> form, const Values&... values)
      : Problem(problem_kind, Sentence(form, values...)) {}
  Problem(ProblemKind problem_kind, Sentence sentence) : kind(problem_kind), detail(std::move(sentence)) {}

  int status() const { return kind.status(); }

  // Adds a header of the response.
  Problem&& With(std::string name, std::string value) &&;

  bool operator==(const Problem&) const = default;

  ProblemKind kind;
  Sentence detail;
  std::vector<FieldError> errors;  // with 422: each bad field or query parameter
  std::vector<std::pair<std::string, std::string>> headers;
};

// A handler's result: the response, or the problem instead.
using ApiResponse = std::expected<HttpResponse, Problem>;

// 404: "There is no such contact." The same words for one that is outside the key's scope.
Problem NotFound(std::string_view noun);
// 422, with each error.
Problem Invalid(std::vector<FieldError> errors);
Problem Invalid(std::string field, Complaint complaint);
// 409: another request with the same Idempotency-Key has not been answered yet.
Problem StillRunning();
// 503 with Retry-After: nothing was changed, and the same request may be sent again.
Problem Unavailable(Sentence detail);
template <class... Values>
Problem Unavailable(SentenceForm<sizeof...(Values)> form, const Values&... values) {
  return Unavailable(Sentence(form, values...));
}

// Returns the problem of a store's refusal; `noun` is the kind of thing that the request names in its path or makes
// ("contact").
Problem FromRefusal(const Refusal& refusal, std::string_view noun);

// Returns the problem of a request that got no turn to change a thing: 429 or 503.
Problem FromNoTurn(EditTurns::NoTurn why);

// The URI of a kind of problem, relative to the server: where its documentation describes it.
std::string ProblemType(std::string_view kind);

HttpResponse ToResponse(const Problem& problem);

}  // namespace shakehook
