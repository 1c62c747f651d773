#include "api/http/complaint.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "base/utf8.h"

namespace shakehook {
namespace {

// The first sentence that fits is taken: a longer one comes before one that it contains.
constexpr auto kValidation = std::to_array<Sentence>({
    // Any field.
    {"required", "is required"},
    {"required", "is required, unless venues_group_id is given"},
    {"required", "is required: {} for everything, {\"venues_group_id\"} or {\"venue_id\"}"},
    {"required", "is required: {\"venues_group_id\"} or {\"venue_id\"}"},
    {"not_clearable", "cannot be cleared"},
    {"not_clearable", "must not be null; leave it out to mean everything"},
    {"not_clearable", "must be true or false, not null"},
    {"unchangeable", "cannot be changed"},
    {"unchangeable", "is set by the server and cannot be changed"},
    {"unknown_field", "is not a known field"},
    {"unknown_field", "is not a field of an account"},
    {"unknown_field", "is not a field of a contact"},
    {"unknown_field", "no custom field with this code is defined for the venue"},
    {"unknown_parameter", "is not a known parameter"},
    {"badly_encoded", "is not well percent-encoded UTF-8"},
    {"repeated", "is given twice"},
    {"repeated", "is there twice"},
    {"too_long", "is longer than {max} bytes"},
    {"too_long", "is longer than {max} characters"},
    {"too_short", "must have at least {min} characters"},
    {"too_large", "is larger than {max_kib} KiB, which is the limit for the whole record"},
    {"too_large", "is larger than {max_kib} KiB as compact JSON"},
    {"too_large", "are larger than {max} bytes together"},
    {"too_large", "the whole record is larger than {max_kib} KiB"},
    {"not_in_range", "must be an integer from {min} to {max}"},
    {"wrong_type", "must be {expected}, not {given}; to remove a header, send the others"},
    {"wrong_type", "must be {expected}, not {given}"},
    {"wrong_type", "must be an array"},
    {"wrong_type", "must be true or false"},
    {"bad_id",
     "must be 1 to 128 of the characters A-Z a-z 0-9 . _ -, beginning with a letter or a digit, and not "
     "\"batch\""},
    {"bad_character", "must not contain {character} in its name"},
    {"bad_character", "must not contain {character}"},
    {"not_an_email", "must be an e-mail address, with an @"},
    {"not_an_email", "must be an e-mail address"},
    {"not_a_date", "must be a date of the form YYYY-MM-DD"},
    {"not_an_option", "{value} is not one of the field's options"},
    {"chosen_twice", "{value} is chosen twice"},
    {"in_the_past", "must not be in the past"},
    {"too_many_items", "has {count} items; a batch may have {max} at most"},
    {"too_large", "is larger than {max_mib} MiB, or has more than {max_values} values"},
    {"id_repeated", "is also the id of item {item}"},
    // Names of other things.
    {"names_no_event", "there is no event type with this name"},
    {"names_no_action", "there is no action with this name"},
    {"names_no_venue", "there is no venue with this id"},
    {"names_no_group", "there is no venues group with this id"},
    {"names_no_scope", "there is no venue or venues group with this id"},
    {"names_no_scope", "does not exist"},
    {"names_no_account", "there is no account with this id in the venue"},
    {"names_no_webhook", "there is no webhook with this id"},
    {"scope_missing", "must name a venue_id or a venues_group_id; only an admin key may leave both out"},
    {"two_scopes", "must be left out if venue_id is given"},
    {"two_windows", "cannot be used together with window"},
    {"bad_boundaries", "must be {min} to {max} Unix times in ms, in ascending order, over at most {days} days"},
    {"span_too_long", "cover too many hours for this many webhooks; ask for a shorter time"},
    {"repeated_too_often", "may be given {max} times at most"},
    {"no_event_id", "must be the id of an event"},
    {"scope_of_administrator", "must be {} for an administrator"},
    {"no_event", "must name at least one event, or be left out for all"},
    {"no_event", "must name at least one event"},
    {"no_webhook", "must name at least one webhook"},
    {"too_many_items", "names {count} webhooks; at most {max} may be named"},
    {"no_status", "must name at least one status, unless `missing` is true"},
    {"not_one_of", "may contain only {choices}"},
    {"no_right", "must name at least one right"},
    {"right_too_wide", "includes a right that the API key you are using does not have"},
    {"expires_too_late", "must not be later than the expiry of the API key you are using"},
    {"not_one_of", "must be some of {choices}"},
    {"bad_cursor", "is not a cursor of this list"},
    {"idempotency_key_reused", "was used with another body within the last 24 hours"},
    {"bad_idempotency_key", "must be 1 to 255 visible ASCII characters"},
    {"wrong_password", "is wrong"},
    {"wrong_code", "is no code that is good now"},
    {"wrong_link", "is no link that is valid: it was used, has expired, or a newer one took its place"},
    {"same_password", "must be another one than the present"},
    {"invite_with_password", "is not allowed together with a password"},
    {"wrong_token", "is not the one that the server printed at its last start"},
    {"discard_without_enable", "is allowed only together with \"enabled\": true"},
    // A webhook's headers and URL.
    {"too_many_headers", "may have at most {max} headers"},
    {"header_name", "is not a valid name for a header"},
    {"header_reserved", "is a header that the server sets itself, or that belongs to the connection"},
    {"header_empty", "must not be empty; to remove a header, send the others"},
    {"header_value", "may contain only visible ASCII characters and spaces"},
    {"header_value", "must not begin or end with a space"},
    {"header_mask", "is \"***\", which keeps the stored value, but no value is stored"},
    {"url_not_https", "The URL must begin with https://."},
    {"url_forbidden_address", "Deliveries may not go to the host's address, because it is private, local or reserved."},
    {"url_own_server", "Deliveries may not go to this server itself."},
    {"url_forbidden_port", "Port {port} belongs to another protocol; deliveries may not go there."},
    {"url_port", "The port must be a number from {min} to {max}."},
    {"url_credentials", "The URL must not carry a user name or password."},
    {"url_fragment", "The URL must not carry a fragment (#)."},
    {"url_empty", "The URL is empty."},
    {"url_too_long", "The URL is longer than {max} characters."},
    {"url_no_host", "The URL has no host."},
    {"url_character", "The URL must not contain {what}."},
    {"url_encoding", "The path and query must be ASCII; write other characters percent-encoded."},
    {"url_encoding", "A % in the path or query must be followed by two hexadecimal digits."},
    {"url_international_host",
     "The host must be ASCII; write an international name in its punycode spelling (xn--...)."},
    {"url_host", "The host {what}."},
    {"url_host", "A part of the host {what}."},
    {"url_host", "A host of one part {what}."},
    {"url_host", "An address must not end with a dot."},
    {"url_host", "The IPv6 address must not carry a zone."},
    {"url_host", "The text between [ and ] is not an IPv6 address."},
    {"url_host", "Only a port may follow the host's closing bracket."},
    // Notice channels.
    {"not_of_this_kind", "is not allowed for e-mail; name recipients instead"},
    {"not_of_this_kind", "are allowed only for e-mail"},
    {"recipients_count", "must be 1 to {max} e-mail addresses"},
    {"no_mail_server", "cannot be e-mail, because this server has no mail server to send with (--smtp-url)"},
    // Custom fields.
    {"too_many_options", "has more than {max} options"},
    {"option_value", "must be an integer, or a string of 1 to {max} bytes"},
    {"option_repeated", "is already the value of another option"},
    {"options_missing", "must contain at least one option"},
    {"options_not_wanted", "is allowed only for the types select and multiselect"},
    // Imports: the file and its rows.
    {"not_yes_or_no", "must be yes or no"},
    {"not_a_choice", "must be one of the choices"},
    {"not_an_object", "must be a JSON object"},
    {"not_a_number", "must be a number"},
    {"two_numbers", "can be read as two numbers; write 1200 or 1.2, without a comma"},
    {"hidden_character", "contains a space or another character that cannot be seen"},
    {"several_rows", "looks like several rows; perhaps a quote is missing"},
    {"more_cells", "has more cells than the header"},
    {"fewer_cells", "has fewer cells than the header"},
    {"header_row", "has a header that {what}"},
    {"quote_not_closed", "has a quote that opens in line {line} and is not closed"},
    {"text_after_quote", "has text after the closing quote of a cell that begins in line {line}"},
    {"quote_inside", "has a quote inside a cell that does not begin with one, in line {line}"},
    {"line_end", "has another kind of line end than the first line of the file, in line {line}"},
    {"row_too_long", "is longer than {max_kib} KiB, in line {line}"},
    {"too_many_cells", "has more than {max} cells, in line {line}"},
    {"null_character", "has a character U+0000, in line {line}"},
    {"unreadable_character", "contains a character that could not be read (U+FFFD)"},
    {"unreadable_character", "contains {what} that {encoding} does not have"},
    {"no_rows", "has no rows below its header"},
    {"too_many_rows", "has {count} rows; an import may have at most {max}"},
    {"encoding_unknown", "cannot be recognized; name the encoding of the file"},
    {"encoding_mark", "is {said}, but the file begins with the byte order mark of {found}"},
    {"delimiter_unknown", "is required, because the file's first line names a delimiter that is not supported"},
    {"columns_needed", "is required, because the header has columns that are not fields: {names}"},
    {"columns_needed", "is required, because a column without a name is not empty: column {column} in row {row}"},
    {"too_many_columns", "are more than {max}"},
    {"columns_count", "names {count} columns; the header has {header}"},
    {"columns_unknown", "contains \"{name}\", which is not a field"},
    {"columns_repeated", "contains {name} twice"},
    {"columns_none", "must contain at least one field"},
    {"too_many_changes", "has more records that occur in several rows than a dry run can check"},
    // A value out of a few words. They come last, because they fit many sentences.
    {"not_one_of", "must be one of {choices}"},
    {"not_one_of", "must be {choices}"},
});

constexpr auto kProblems = std::to_array<Sentence>({
    {"already-exists", "There is a user with this e-mail address already."},
    {"already-exists", "There is an administrator already."},
    {"already-exists", "There is a {noun} with this id already."},
    {"in-use", "The {noun} still holds {what}."},
    {"limit-reached", "{where} has {count} {what}; it may have at most {max}."},
    {"limit-reached", "There may be {max} users at most."},
    {"limit-reached", "The account has more than {max} contacts{what}"},
    {"last-administrator", "This user is the last administrator; there must always be one."},
    {"webhook-deleted", "The webhook of the delivery was deleted."},
    {"still-running", "A request with this Idempotency-Key is still running."},
    {"inboxes-off", "This server has no inboxes (it runs with --inbox off)."},
    {"wrong-credentials", "The e-mail address or the password is wrong."},
    {"second-factor-needed", "A code of the second factor is needed too."},
    {"wrong-code", "The code is wrong, or was used before."},
    {"password-change-needed", "Change your password first (PATCH /api/session)."},
    {"draining", "The server is draining: it stops as soon as the requests that are running have ended."},
});

struct StatusKind {
  int status;
  std::string_view kind;
};

constexpr auto kStatusKinds = std::to_array<StatusKind>({
    {400, "malformed"},
    {401, "not-signed-in"},
    {403, "forbidden"},
    {404, "not-found"},
    {405, "method-not-allowed"},
    {408, "request-timeout"},
    {409, "conflict"},
    {412, "changed-meanwhile"},
    {413, "too-large"},
    {415, "unsupported-media-type"},
    {417, "expectation-failed"},
    {422, "validation"},
    {429, "too-many-requests"},
    {431, "headers-too-large"},
    {501, "not-implemented"},
    {503, "unavailable"},
    {505, "http-version"},
});

// Sentences may quote what a client sent, which has no bound of its own.
constexpr std::size_t kParamBytesMax = 256;

Json ParamOf(std::string_view text) {
  std::int64_t number = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
  if (read.ec == std::errc() && read.ptr == text.data() + text.size()) return Json(number);
  return Json(std::string(CutUtf8(text, kParamBytesMax)));
}

// The end of a placeholder that begins at `at`, npos where there is none: braces in a sentence may also be JSON.
std::size_t EndOfPlaceholder(std::string_view text, std::size_t at) {
  const std::size_t end = text.find_first_not_of("abcdefghijklmnopqrstuvwxyz_", at + 1);
  return end != std::string_view::npos && end > at + 1 && text[end] == '}' ? end : std::string_view::npos;
}

// The parameters of a detail that is the sentence `text`; nothing where it is another sentence.
std::optional<Json> Match(std::string_view text, std::string_view detail) {
  Json params{Json::Object()};
  std::size_t at = 0;
  while (true) {
    std::size_t open = text.find('{', at);
    while (open != std::string_view::npos && EndOfPlaceholder(text, open) == std::string_view::npos) {
      open = text.find('{', open + 1);
    }
    const std::string_view literal = text.substr(at, open - at);
    if (!detail.starts_with(literal)) return std::nullopt;
    detail.remove_prefix(literal.size());
    if (open == std::string_view::npos) break;
    const std::size_t close = EndOfPlaceholder(text, open);
    const std::string_view name = text.substr(open + 1, close - open - 1);
    at = close + 1;
    const std::size_t next = text.find('{', at);
    const std::string_view behind = text.substr(at, next - at);
    const std::size_t size = next == std::string_view::npos && detail.ends_with(behind) ? detail.size() - behind.size()
                             : behind.empty()                                           ? detail.size()
                                                                                        : detail.find(behind);
    if (size == std::string_view::npos || size > detail.size()) return std::nullopt;
    params.Add(std::string(name), ParamOf(detail.substr(0, size)));
    detail.remove_prefix(size);
  }
  if (!detail.empty()) return std::nullopt;
  return params;
}

std::optional<Complaint> Find(std::span<const Sentence> sentences, std::string_view detail) {
  for (const Sentence& sentence : sentences) {
    if (auto params = Match(sentence.text, detail)) return Complaint{sentence.code, *std::move(params)};
  }
  return std::nullopt;
}

}  // namespace

Complaint ComplaintOf(std::string_view detail) { return Find(kValidation, detail).value_or(Complaint{kOtherCode}); }

std::span<const Sentence> ValidationSentences() { return kValidation; }

Complaint ProblemKindOf(int status, std::string_view detail) {
  if (auto found = Find(kProblems, detail)) return *std::move(found);
  const auto kind = std::ranges::find(kStatusKinds, status, &StatusKind::status);
  return {kind == kStatusKinds.end() ? std::string_view("internal") : kind->kind};
}

std::span<const Sentence> ProblemSentences() { return kProblems; }

std::string ProblemType(std::string_view kind) { return "/docs#problem-" + std::string(kind); }

}  // namespace shakehook
