// A Complaint says what is wrong with a value that a client sent: a stable code, and a sentence with its values. The
// code and the sentence are written where the value is refused:
//
//   if (text.size() > max) return Complaint("too_long", "is longer than {max} bytes", max);
//
// A client tells the codes apart and may say the sentence in its own language, so a sentence may be reworded, and a
// code is kept. A new code is added to kComplaintCodes, to the description of the API (src/api/openapi), and to the
// dashboard's texts (web/src/texts); a test misses each. A code that is not in the list does not compile.
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <utility>

#include "base/sentence.h"

namespace shakehook {

inline constexpr auto kComplaintCodes = std::to_array<std::string_view>({
    "required",
    "not_clearable",
    "unchangeable",
    "unknown_field",
    "unknown_parameter",
    "badly_encoded",
    "repeated",
    "too_long",
    "too_short",
    "too_large",
    "not_in_range",
    "wrong_type",
    "bad_id",
    "bad_character",
    "not_an_email",
    "not_a_date",
    "not_an_option",
    "chosen_twice",
    "in_the_past",
    "too_many_items",
    "id_repeated",
    "names_no_event",
    "names_no_action",
    "names_no_venue",
    "names_no_group",
    "names_no_scope",
    "names_no_account",
    "names_no_webhook",
    "scope_missing",
    "two_scopes",
    "two_windows",
    "bad_boundaries",
    "span_too_long",
    "repeated_too_often",
    "no_event_id",
    "scope_of_administrator",
    "no_event",
    "no_webhook",
    "no_status",
    "not_one_of",
    "no_right",
    "right_too_wide",
    "expires_too_late",
    "bad_cursor",
    "idempotency_key_reused",
    "bad_idempotency_key",
    "wrong_password",
    "wrong_code",
    "wrong_link",
    "same_password",
    "invite_with_password",
    "wrong_token",
    "discard_without_enable",
    "too_many_headers",
    "header_name",
    "header_reserved",
    "header_empty",
    "header_value",
    "header_mask",
    "url_not_https",
    "url_forbidden_address",
    "url_own_server",
    "url_forbidden_port",
    "url_port",
    "url_credentials",
    "url_fragment",
    "url_empty",
    "url_too_long",
    "url_no_host",
    "url_character",
    "url_encoding",
    "url_international_host",
    "url_host",
    "not_of_this_kind",
    "recipients_count",
    "no_mail_server",
    "no_public_url",
    "no_such_recipient",
    "wrong_recipient_link",
    "too_many_options",
    "option_value",
    "option_repeated",
    "options_missing",
    "options_not_wanted",
    "not_yes_or_no",
    "not_a_choice",
    "not_an_object",
    "not_a_number",
    "two_numbers",
    "hidden_character",
    "several_rows",
    "more_cells",
    "fewer_cells",
    "header_row",
    "quote_not_closed",
    "text_after_quote",
    "quote_inside",
    "line_end",
    "row_too_long",
    "too_many_cells",
    "null_character",
    "unreadable_character",
    "no_rows",
    "too_many_rows",
    "encoding_unknown",
    "encoding_mark",
    "delimiter_unknown",
    "columns_needed",
    "too_many_columns",
    "columns_count",
    "columns_unknown",
    "columns_repeated",
    "columns_none",
    "too_many_changes",
    "invalid",
});

// The code where the code is not known: of an import's refused row that was stored by a version without codes, and of
// an error that is only counted.
inline constexpr std::string_view kUnknownComplaint = "invalid";

constexpr bool IsComplaintCode(std::string_view text) {
  for (const std::string_view code : kComplaintCodes) {
    if (code == text) return true;
  }
  return false;
}

// Not constexpr, so that a call ends the compilation; its name is the message.
void TheCodeIsNotInTheListOfComplaintCodes();

// A ComplaintCode is a literal that is one of kComplaintCodes.
class ComplaintCode {
 public:
  // NOLINTNEXTLINE(google-explicit-constructor): a literal is written where a code is expected.
  consteval ComplaintCode(const char* literal) : text_(literal) {
    if (!IsComplaintCode(text_)) TheCodeIsNotInTheListOfComplaintCodes();
  }
  std::string_view text() const { return text_; }

 private:
  std::string_view text_;
};

class Complaint {
 public:
  // There is no other way to make one: whoever refuses a value says the code.
  template <class... Values>
  Complaint(ComplaintCode code, SentenceForm<sizeof...(Values)> form, const Values&... values)
      : code_(code.text()), sentence_(form, values...) {}

  // Returns a complaint that was stored as `code`, `text` and `params`. A code that this version does not know becomes
  // kUnknownComplaint.
  static Complaint Restored(std::string_view code, std::string text, Json params);

  bool operator==(const Complaint&) const = default;

  std::string_view code() const { return code_; }
  // The end of a sentence that begins with the field ("is longer than 16 bytes"), or a whole one.
  const std::string& text() const { return sentence_.text; }
  const Json& params() const { return sentence_.params; }

 private:
  std::string_view code_;
  Sentence sentence_;
};

// Returns that a value is `given` and not what is `expected` ("a string").
inline Complaint WrongType(std::string_view expected, const Json& given) {
  return {"wrong_type", "must be {expected}, not {given}", expected, given.KindName()};
}

}  // namespace shakehook
