// /inbox/{token}: an inbox checks a request's signature, keeps the request, and answers as it was told to.
#include <algorithm>
#include <array>

#include "api/all_routes.h"
#include "api/http/response.h"
#include "api/webhooks/inbox_log.h"
#include "api/webhooks/webhook_json.h"
#include "base/encoding.h"

namespace shakehook {
namespace {

constexpr std::size_t kBodyKeptMax = 64 * 1024;  // a payload's `data` is not longer

// All other headers of a request are the webhook's custom ones, and their values are credentials.
constexpr std::array<std::string_view, 14> kShownHeaders = {"host",
                                                            "content-type",
                                                            "content-length",
                                                            "user-agent",
                                                            "accept",
                                                            "connection",
                                                            "idempotency-key",
                                                            "bookingshake-signature",
                                                            "bookingshake-test",
                                                            "webhook-id",
                                                            "webhook-signature",
                                                            "webhook-timestamp",
                                                            "accept-encoding",
                                                            "transfer-encoding"};

std::vector<std::pair<std::string, std::string>> Shown(const HttpRequest& http) {
  std::vector<std::pair<std::string, std::string>> headers;
  for (const auto& [name, value] : http.headers) {
    const bool shown = std::ranges::find(kShownHeaders, name) != kShownHeaders.end();
    headers.emplace_back(name, shown ? value : std::string(kMask));
  }
  return headers;
}

void JudgeSignature(const ConfigCache& config_cache, const std::string& url, const HttpRequest& http, Timestamp now,
                    InboxRequest& request) {
  const auto given = http.HeaderList("bookingshake-signature");  // if there are two, neither is right
  if (!given) return;
  request.signature = InboxRequest::Signature::kWrong;
  constexpr auto kAll = std::numeric_limits<std::size_t>::max();
  for (const SharedWebhook& webhook :
       config_cache.ListWebhooks({}, kAll, [&](const Webhook& each) { return each.url == url; })) {
    const WebhookSecrets& secrets = webhook->secrets;
    const std::string& secret = secrets.InOverlap(now) ? secrets.previous : secrets.current;
    if (ToHex(HmacKey(secret).Sign(http.body)) != *given) continue;
    request.signature = InboxRequest::Signature::kRight;
    request.webhook_id = webhook->id;
    return;
  }
}

// The time when the sender stops waiting, as seen from here.
struct Pace {
  Milliseconds wait{};
  std::optional<int> status;
};

Pace PaceOf(InboxBehaviour behaviour, Milliseconds delivery_timeout) {
  switch (behaviour) {
    case InboxBehaviour::kOk:
      return {.status = 204};
    case InboxBehaviour::kError:
      return {.status = 500};
    case InboxBehaviour::kSlow:
      return {.wait = delivery_timeout * 3 / 5, .status = 204};
    case InboxBehaviour::kSilent:
      break;
  }
  return {.wait = delivery_timeout + Milliseconds(1'000), .status = std::nullopt};
}

Async<ApiResponse> Receive(ApiServices& services, ApiRequest& request) {
  const std::string token = request.Path("token");
  const SharedInbox inbox = services.config_cache().FindInboxByToken(token);
  if (!inbox || services.policy.inbox_origin().empty()) co_return std::unexpected(NotFound("inbox"));
  const Pace pace = PaceOf(inbox->behaviour, services.options.delivery_timeout);
  InboxRequest received{.id = services.NewUuid(),
                        .received_at = services.clock.Now(),
                        .method = request.http.method,
                        .headers = Shown(request.http),
                        .body = request.http.body.substr(0, kBodyKeptMax),
                        .webhook_id = {},
                        .answered_status = pace.status};
  JudgeSignature(services.config_cache(), services.policy.inbox_origin() + "/inbox/" + token, request.http,
                 received.received_at, received);
  services.inboxes.Add(inbox->id, std::move(received));
  if (pace.wait.count() > 0) co_await SleepUntil(request.loop, services.clock.Steady() + pace.wait);
  co_return HttpResponse{.status = pace.status.value_or(204), .headers = {}, .body = {}, .stream = {}};
}

}  // namespace

void AddInboxReceiverRoutes(Router& router, ApiServices&) {
  router.Add({"POST", "/inbox/{token}", Access::kOpen, Receive});
}

}  // namespace shakehook
