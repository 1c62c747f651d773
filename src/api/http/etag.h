// ETag, If-Match and If-None-Match (RFC 9110, sections 8.8.3 and 13.1): a resource's version, or a file's digest,
// quoted.
//
// A proxy that compresses a response marks its entity tag, and gives the client no way to take the mark off again:
// nginx, HAProxy, Varnish and Cloudflare make it weak (W/"5"), Apache, Caddy, Jetty and lighttpd append the coding's
// name ("5-gzip", "5--gzip"). Our tags name a state, not bytes, so that a tag with such a mark still names that state;
// both comparisons take it, where RFC 9110 lets a weak tag never match If-Match.
#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>

#include "api/http/problem.h"

namespace shakehook {

std::string EtagOf(std::int64_t version);

// Tells whether `list`, the value of an If-Match or If-None-Match, is "*" or has this tag, marked by a proxy or not.
bool EtagListHas(std::string_view list, std::string_view etag);

// Tells whether the client has the file as it is: then the response is a 304.
bool IsKnown(const HttpRequest& request, std::string_view etag);

// Tells whether the request's If-Match, where it has one, names this version (or is "*").
bool MatchesIfMatch(const HttpRequest& request, std::int64_t version);
// The problem when If-Match names another version: a 412.
Problem PreconditionFailed();
// Refuses the request with a 412 if its If-Match does not match.
std::expected<Done, Problem> CheckIfMatch(const HttpRequest& request, std::int64_t version);

// Returns the version that a deletion guarded by If-Match expects when it happens; nullopt: any version.
std::optional<std::int64_t> GuardedVersion(const HttpRequest& request, std::int64_t version);
// Returns the problem of such a deletion that the store refused: a 412 if there was a change meanwhile.
Problem FromDeleteRefusal(const Refusal& refusal, std::string_view noun);

}  // namespace shakehook
