// ETag and If-Match (RFC 9110, sections 8.8.3 and 13.1.1): a resource's version, quoted.
#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <string>

#include "api/problem.h"

namespace shakehook {

std::string EtagOf(std::int64_t version);

// Whether the request's If-Match, where it has one, names this version (or is "*"). The problem is a 412.
std::expected<Done, Problem> CheckIfMatch(const HttpRequest& request, std::int64_t version);

// For a deletion that If-Match guards: the version that must still stand when it happens. Nothing: any may.
std::optional<std::int64_t> GuardedVersion(const HttpRequest& request, std::int64_t version);
// What the store refused of such a deletion: one that was changed meanwhile is a 412.
Problem FromDeleteRefusal(const Refusal& refusal, std::string_view noun);

}  // namespace shakehook
