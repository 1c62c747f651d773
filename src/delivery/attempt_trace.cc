#include "delivery/attempt_trace.h"

#include <algorithm>

#include "base/ascii.h"
#include "delivery/outcome.h"

namespace shakehook {
namespace {

constexpr std::string_view kHeader = "traceparent";

}  // namespace

std::string AttemptTrace::HeaderLine(const Webhook& webhook) const {
  if (!span_ || !tracer_->tells_receivers()) return "";
  const bool has_own =
      std::ranges::any_of(webhook.headers, [](const auto& header) { return LowerAscii(header.first) == kHeader; });
  if (has_own) return "";
  return std::string(kHeader) + ": " + ToTraceparent(span_->context) + "\r\n";
}

// The URL's path and query are left out: many hold a credential.
void AttemptTrace::End(const Webhook& webhook, const OwedDelivery& delivery, const Exchange& exchange) {
  if (!span_ || span_->context.sampled == Switch::kOff) return;
  Span span{.open = *span_, .tenant = tenant_, .kind = Span::Kind::kClient, .name = "POST"};
  Span::Attributes& attributes = span.attributes;
  attributes.emplace_back("http.request.method", "POST");
  if (url_) {
    attributes.emplace_back("server.address", url_->host);
    attributes.emplace_back("server.port", std::int64_t{url_->port});
  }
  attributes.emplace_back("shakehook.webhook.id", webhook.id.ToString());
  attributes.emplace_back("shakehook.delivery.id", delivery.id.ToString());
  attributes.emplace_back("shakehook.event.id", delivery.event->id.ToString());
  attributes.emplace_back("shakehook.event.type", std::string(ToString(delivery.event->type)));
  attributes.emplace_back("shakehook.venue.id", delivery.event->venue_id.text);
  attributes.emplace_back("shakehook.attempt", std::int64_t{delivery.attempts_made + 1});
  if (exchange.response) {
    const int status = exchange.response->status;
    attributes.emplace_back("http.response.status_code", std::int64_t{status});
    if (status < 200 || status > 299) {
      attributes.emplace_back("error.type", std::to_string(status));
      span.error = "The endpoint answered " + std::to_string(status) + ".";
    }
  } else {
    attributes.emplace_back("error.type", std::string(ToString(ClassOf(exchange.failure))));
    span.error = exchange.message;
  }
  tracer_->End(std::move(span));
}

}  // namespace shakehook
