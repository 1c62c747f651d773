#include "api/etag.h"

namespace shakehook {
namespace {

std::string_view Trimmed(std::string_view text) {
  while (text.starts_with(' ') || text.starts_with('\t')) text.remove_prefix(1);
  while (text.ends_with(' ') || text.ends_with('\t')) text.remove_suffix(1);
  return text;
}

// `list` is "*" or entity tags with commas between. A weak tag (W/"1") never matches, as RFC 9110 has it for If-Match.
bool Matches(std::string_view list, std::string_view etag) {
  if (Trimmed(list) == "*") return true;
  for (;;) {
    const std::size_t comma = list.find(',');
    if (Trimmed(list.substr(0, comma)) == etag) return true;
    if (comma == std::string_view::npos) return false;
    list.remove_prefix(comma + 1);
  }
}

Problem PreconditionFailed() {
  return {.status = 412, .detail = "If-Match does not name the present version; it was changed meanwhile."};
}

}  // namespace

std::string EtagOf(std::int64_t version) {
  std::string etag = "\"";
  etag += std::to_string(version);
  etag += '"';
  return etag;
}

std::optional<std::int64_t> GuardedVersion(const HttpRequest& request, std::int64_t version) {
  return request.Header("if-match") == nullptr ? std::nullopt : std::optional(version);
}

Problem FromDeleteRefusal(const Refusal& refusal, std::string_view noun) {
  return refusal.kind == Refusal::Kind::kStale ? PreconditionFailed() : FromRefusal(refusal, noun);
}

std::expected<Done, Problem> CheckIfMatch(const HttpRequest& request, std::int64_t version) {
  const std::string* const if_match = request.Header("if-match");
  if (if_match == nullptr || Matches(*if_match, EtagOf(version))) return Done();
  return std::unexpected(PreconditionFailed());
}

}  // namespace shakehook
