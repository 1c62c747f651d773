// AuditDetails say the rest of an entry of the audit log: a list of details, each with a stable code and an English
// text with its values, so that a client can say it in another language.
//
//   AuditDetails details("from_network", "from {network}", network);   // text "from 10.0.0.0/24"
//
// A new code is added to kAuditDetailCodes, to the description of the API (src/api/openapi), and to the dashboard's
// texts (web/src/texts); a test misses each. A code that is not in the list does not compile.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/sentence.h"

namespace shakehook {

inline constexpr auto kAuditDetailCodes = std::to_array<std::string_view>({
    "from_network",
    "with_wrong_code",
    "with_code",
    "with_recovery_code",
    "role",
    "invited",
    "field",
    "invitation",
    "reset",
    "by_operator",
    "without_second_factor",
    "link_taken_back",
    "device",
    "without_overlap",
    "with_overlap",
    "in_venue",
    "rows_into_venue",
    "import_counts",
    "deliveries_of_webhook",
    "disables_after_days",
    "disabled_after_days",
    "endpoint_gone",
    "could_not_go_on",
    "confirmed_by_recipient",
});

constexpr bool IsAuditDetailCode(std::string_view text) {
  for (const std::string_view code : kAuditDetailCodes) {
    if (code == text) return true;
  }
  return false;
}

// Not constexpr, so that a call ends the compilation; its name is the message.
void TheCodeIsNotInTheListOfAuditDetailCodes();

// An AuditDetailCode is a literal that is one of kAuditDetailCodes.
class AuditDetailCode {
 public:
  // NOLINTNEXTLINE(google-explicit-constructor): a literal is written where a code is expected.
  consteval AuditDetailCode(const char* literal) : text_(literal) {
    if (!IsAuditDetailCode(text_)) TheCodeIsNotInTheListOfAuditDetailCodes();
  }
  std::string_view text() const { return text_; }

 private:
  std::string_view text_;
};

class AuditDetails {
 public:
  AuditDetails() = default;  // empty: there is nothing more to say
  template <class... Values>
  AuditDetails(AuditDetailCode code, SentenceForm<sizeof...(Values)> form, const Values&... values) {
    Add(code, form, values...);
  }

  template <class... Values>
  AuditDetails& Add(AuditDetailCode code, SentenceForm<sizeof...(Values)> form, const Values&... values) {
    return Add(code, Sentence(form, values...));
  }
  AuditDetails& Add(AuditDetailCode code, Sentence sentence);

  bool empty() const { return details_.empty(); }

  // Returns what AuditEntry::detail keeps, a JSON array; empty: there are no details.
  std::string ToStored() const;

 private:
  Json::Array details_;
};

// An entry's details for a client.
struct ShownAuditDetails {
  std::string text;  // for a person, in English
  // [{code, params}]; nullopt: there are none, or they were stored by a version without codes, as a text alone.
  std::optional<Json> codes;
};

// Reads AuditEntry::detail.
ShownAuditDetails ReadAuditDetails(const std::string& stored);

}  // namespace shakehook
