#include "api/http/etag.h"

#include <array>

namespace shakehook {
namespace {

constexpr std::string_view kSpaces = " \t";
// Proxies put one of these between a tag and the coding's name.
constexpr std::array<std::string_view, 4> kMarkStarts = {"--", "-", ";", ":"};
constexpr std::array<std::string_view, 8> kCodings = {"x-gzip",  "gzip",     "br",    "zstd",
                                                      "deflate", "compress", "bzip2", "identity"};

// Returns "5" for "5-gzip"; the tag itself if it has no mark.
std::string_view WithoutMark(std::string_view opaque) {
  for (const std::string_view coding : kCodings) {
    if (!opaque.ends_with(coding)) continue;
    const std::string_view rest = opaque.substr(0, opaque.size() - coding.size());
    for (const std::string_view start : kMarkStarts) {
      if (rest.ends_with(start)) return rest.substr(0, rest.size() - start.size());
    }
  }
  return opaque;
}

// Takes the next entity tag off the list, without "W/" and quotation marks. Returns nullopt if the list has ended or
// does not begin with one.
std::optional<std::string_view> TakeTag(std::string_view& list) {
  constexpr std::string_view kWeak = "W/";
  const std::size_t start = list.find_first_not_of(" \t,");
  if (start == std::string_view::npos) return std::nullopt;
  list.remove_prefix(start);
  if (list.starts_with(kWeak)) list.remove_prefix(kWeak.size());
  const std::size_t end = list.starts_with('"') ? list.find('"', 1) : std::string_view::npos;
  if (end == std::string_view::npos) return std::nullopt;
  const std::string_view opaque = list.substr(1, end - 1);
  list.remove_prefix(end + 1);
  return opaque;
}

}  // namespace

Problem PreconditionFailed() {
  return {"changed-meanwhile", "If-Match does not name the current version; the resource was changed meanwhile."};
}

std::string EtagOf(std::int64_t version) {
  std::string etag = "\"";
  etag += std::to_string(version);
  etag += '"';
  return etag;
}

bool EtagListHas(std::string_view list, std::string_view etag) {
  const std::size_t first = list.find_first_not_of(kSpaces);
  if (first != std::string_view::npos && list.substr(first, list.find_last_not_of(kSpaces) - first + 1) == "*")
    return true;
  const std::string_view own = etag.substr(1, etag.size() - 2);
  while (const auto tag = TakeTag(list)) {
    if (*tag == own || WithoutMark(*tag) == own) return true;
  }
  return false;
}

bool IsKnown(const HttpRequest& request, std::string_view etag) {
  const auto known = request.HeaderList("if-none-match");
  return known && EtagListHas(*known, etag);
}

std::optional<std::int64_t> GuardedVersion(const HttpRequest& request, std::int64_t version) {
  return request.Header("if-match") == nullptr ? std::nullopt : std::optional(version);
}

Problem FromDeleteRefusal(const Refusal& refusal, std::string_view noun) {
  return refusal.kind == Refusal::Kind::kVersionConflict ? PreconditionFailed() : FromRefusal(refusal, noun);
}

bool MatchesIfMatch(const HttpRequest& request, std::int64_t version) {
  const auto if_match = request.HeaderList("if-match");
  return !if_match || EtagListHas(*if_match, EtagOf(version));
}

std::expected<Done, Problem> CheckIfMatch(const HttpRequest& request, std::int64_t version) {
  if (MatchesIfMatch(request, version)) return Done();
  return std::unexpected(PreconditionFailed());
}

}  // namespace shakehook
