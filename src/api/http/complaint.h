// The stable codes of what the API says to people. Every sentence of a validation error, and every detail of a problem
// that clients tell apart, has a code and named parameters in one table, so that a client can say it in its own
// language. The sentences may be reworded; the codes are kept.
//
//   Complaint complaint = ComplaintOf("is longer than 1024 bytes");   // code "too_long", params {"max": 1024}
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "base/json.h"

namespace shakehook {

// One sentence of the table. `{name}` in it stands for what is put there: an integer, or a text.
struct Sentence {
  std::string_view code;
  std::string_view text;
};

struct Complaint {
  std::string_view code;
  Json params{Json::Object()};
};

// The code of a sentence that has no entry. A test holds every sentence of the sources against the table.
inline constexpr std::string_view kOtherCode = "invalid";

// Returns the code and the parameters of a validation error's detail.
Complaint ComplaintOf(std::string_view detail);
// The sentences of validation errors.
std::span<const Sentence> ValidationSentences();

// Returns a problem's kind, which is the end of its `type` ("in-use"), and the parameters of its detail.
Complaint ProblemKindOf(int status, std::string_view detail);
// The kinds that the status alone does not tell, by their sentences.
std::span<const Sentence> ProblemSentences();

// The URI of a kind of problem, relative to the server: where its documentation describes it.
std::string ProblemType(std::string_view kind);

}  // namespace shakehook
