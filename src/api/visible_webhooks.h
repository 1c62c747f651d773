// The webhooks that a key may see: a group's are seen with group and admin keys only (CONTRACT §4).
#pragma once

#include <expected>
#include <string>
#include <vector>

#include "api/api_request.h"
#include "api/problem.h"
#include "store/directory.h"

namespace shakehook {

// The webhook of that id. The problem is a 404.
std::expected<SharedWebhook, Problem> FindVisibleWebhook(const Directory& directory, const ApiKey& key,
                                                         const std::string& id);

// The webhook that the request's path names in `{id}`, where its If-Match, if it has one, names the present version.
// The problem is a 404 or a 412.
std::expected<SharedWebhook, Problem> FindWebhookToChange(const Directory& directory, const ApiRequest& request);

// A page by id after `after`.
std::vector<SharedWebhook> ListVisibleWebhooks(const Directory& directory, const ApiKey& key,
                                               const std::optional<WebhookId>& after, std::size_t limit);

}  // namespace shakehook
