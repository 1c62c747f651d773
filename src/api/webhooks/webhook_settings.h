// The settings of a webhook as a body gives them (CONTRACT §4, `/api/webhooks`).
#pragma once

#include <optional>
#include <string>

#include "api/api_services.h"
#include "api/http/problem.h"
#include "base/json.h"

namespace shakehook {

inline constexpr std::size_t kWebhookNameCharactersMax = 255;
inline constexpr int kMaxConcurrentMax = 256;
inline constexpr int kMaxPerSecondMax = 10'000;

// Returns why a webhook may not have this URL, as a 422 says it; nullopt: it may.
std::optional<Complaint> WhyUrlIsRefused(const std::string& url, const AddressPolicy& policy);

// Reads the body of a creation into `webhook`, which has its defaults. Returns nullopt if all is well.
std::optional<Problem> ReadNewWebhook(const Json& body, const ApiServices& services, const Principal& principal,
                                      Webhook& webhook);

// Merges a patch (RFC 7396; null gives a setting its default, `headers` is replaced as a whole) into `webhook`.
// `discard`: set if its pending deliveries are to be canceled. If a problem is returned, `webhook` is in no defined
// state.
std::optional<Problem> MergeWebhook(const Json& patch, const ApiServices& services, Webhook& webhook, Switch& discard);

}  // namespace shakehook
