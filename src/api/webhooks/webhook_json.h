// Webhooks as the API shows them (CONTRACT §4, "Shapes").
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/json.h"
#include "model/principal.h"
#include "model/webhook.h"
#include "model/webhook_condition.h"

namespace shakehook {

std::string_view ToString(Ordering ordering);
std::optional<Ordering> ParseOrdering(std::string_view text);
std::string_view ToString(ScheduleKind kind);
std::optional<ScheduleKind> ParseScheduleKind(std::string_view text);

// Shown instead of a value that is never shown: a custom header's, which is a credential.
inline constexpr std::string_view kMask = "***";

// Who may not manage sees URLs without the credentials that may be in them.
enum class UrlView : std::uint8_t { kWhole, kMasked };
UrlView UrlViewOf(const Principal& principal);
std::string ShownUrl(const std::string& url, UrlView view);

// Without the secret.
Json WebhookJson(const Webhook& webhook, const WebhookHealth& health, const Judgement& judgement, UrlView view);

}  // namespace shakehook
