// The webhooks that a key may see: only group and admin keys see those of a group (CONTRACT §4).
#pragma once

#include <expected>
#include <string>
#include <vector>

#include "api/http/api_request.h"
#include "api/http/problem.h"
#include "store/config_cache.h"

namespace shakehook {

// Returns the webhook of that id. The problem is a 404.
std::expected<SharedWebhook, Problem> FindVisibleWebhook(const ConfigCache& config_cache, const Principal& principal,
                                                         const std::string& id);

// Returns the webhook that the request's path names in `{id}`, if its If-Match, where there is one, names the current
// version. The problem is a 404 or a 412.
std::expected<SharedWebhook, Problem> FindWebhookToChange(const ConfigCache& config_cache, const ApiRequest& request);

// Returns the webhooks of the scope itself, and those of a group's venues; by id.
std::vector<SharedWebhook> WebhooksWithin(const ConfigCache& config_cache, const Scope& scope);

// Returns a page by id after `after`.
std::vector<SharedWebhook> ListVisibleWebhooks(const ConfigCache& config_cache, const Principal& principal,
                                               const std::optional<WebhookId>& after, std::size_t limit);

}  // namespace shakehook
