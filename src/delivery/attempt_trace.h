// AttemptTrace is the span of one attempt, in the trace of the request that its event came of. It does nothing where
// traces are off, or this one is not traced.
//
// Threads: one loop's.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "model/delivery.h"
#include "model/webhook.h"
#include "net/target_url.h"
#include "net/transport.h"
#include "trace/tracer.h"

namespace shakehook {

class AttemptTrace {
 public:
  using Url = std::shared_ptr<const TargetUrl>;

  // `tracer`: null where traces are off; else it outlives this. `tenant`: the webhook's. `url`: what the attempt is
  // sent to, whatever an edit changes meanwhile; null where the webhook's URL is not one to send to.
  AttemptTrace(Tracer* tracer, const OwedDelivery& delivery, TenantKey tenant, Url url)
      : tracer_(tracer), tenant_(tenant), url_(std::move(url)) {
    if (tracer_ != nullptr) span_ = tracer_->BeginAttempt(delivery.event->id);
  }

  // Returns the line "traceparent: ...\r\n" of the request; empty where receivers are told nothing, or the webhook has
  // a header of that name itself.
  std::string HeaderLine(const Webhook& webhook) const;
  // Ends the span. An attempt that was put off for a fault of this machine is none, and its span is not ended.
  void End(const Webhook& webhook, const OwedDelivery& delivery, const Exchange& exchange);

 private:
  Tracer* const tracer_;
  const TenantKey tenant_;
  const Url url_;
  std::optional<OpenSpan> span_;
};

}  // namespace shakehook
