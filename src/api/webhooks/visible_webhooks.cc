#include "api/webhooks/visible_webhooks.h"

#include <algorithm>

#include "api/access/visible.h"
#include "api/http/etag.h"

namespace shakehook {
std::expected<SharedWebhook, Problem> FindVisibleWebhook(const ConfigCache& config_cache, const Principal& principal,
                                                         const std::string& id) {
  const auto parsed = WebhookId::Parse(id);
  SharedWebhook webhook = parsed ? config_cache.FindWebhook(*parsed) : nullptr;
  if (!webhook || !CanSee(config_cache, principal, webhook->scope)) return std::unexpected(NotFound("webhook"));
  return webhook;
}

std::expected<SharedWebhook, Problem> FindWebhookToChange(const ConfigCache& config_cache, const ApiRequest& request) {
  auto webhook = FindVisibleWebhook(config_cache, *request.principal, request.Path("id"));
  if (!webhook) return webhook;
  if (auto matches = CheckIfMatch(request.http, (*webhook)->version); !matches) {
    return std::unexpected(std::move(matches.error()));
  }
  return webhook;
}

std::vector<SharedWebhook> WebhooksWithin(const ConfigCache& config_cache, const Scope& scope) {
  std::vector<SharedWebhook> webhooks = config_cache.WebhooksOf(scope);
  if (scope.kind == Scope::Kind::kVenuesGroup) {
    for (const SharedVenue& venue : config_cache.VenuesOf({scope.id})) {
      if (venue) std::ranges::copy(config_cache.WebhooksOf(Scope::Of(venue->id)), std::back_inserter(webhooks));
    }
  }
  const auto id = [](const SharedWebhook& webhook) { return webhook->id; };
  std::ranges::sort(webhooks, {}, id);
  const auto repeated = std::ranges::unique(webhooks, {}, id);  // a venue was moved while the list was made
  webhooks.erase(repeated.begin(), repeated.end());
  return webhooks;
}

std::vector<SharedWebhook> ListVisibleWebhooks(const ConfigCache& config_cache, const Principal& principal,
                                               const std::optional<WebhookId>& after, std::size_t limit) {
  if (principal.scope.kind == Scope::Kind::kAll) {
    return config_cache.ListWebhooks(after, limit, [](const Webhook&) { return true; });
  }
  std::vector<SharedWebhook> webhooks = WebhooksWithin(config_cache, principal.scope);
  if (after) std::erase_if(webhooks, [&](const SharedWebhook& webhook) { return webhook->id <= *after; });
  if (webhooks.size() > limit) webhooks.resize(limit);
  return webhooks;
}

}  // namespace shakehook
