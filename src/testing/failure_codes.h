// The codes of failed attempts that clients and notices know. A code that has been given out is never renamed.
#pragma once

#include <array>
#include <string_view>

namespace shakehook {

inline constexpr auto kFailureCodes = std::to_array<std::string_view>({"status",
                                                                       "timeout",
                                                                       "dns",
                                                                       "forbidden_address",
                                                                       "connection_refused",
                                                                       "unreachable",
                                                                       "connection_closed",
                                                                       "tls",
                                                                       "invalid_response",
                                                                       "internal",
                                                                       "bad_request",
                                                                       "unauthorized",
                                                                       "forbidden",
                                                                       "not_found",
                                                                       "method_not_allowed",
                                                                       "gone",
                                                                       "too_large",
                                                                       "unsupported_media_type",
                                                                       "too_many_requests",
                                                                       "redirect",
                                                                       "client_error",
                                                                       "server_error"});

}  // namespace shakehook
