#include "service/trace_export.h"

#include <algorithm>
#include <utility>

#include "base/json.h"
#include "base/log.h"

namespace shakehook {
namespace {

constexpr Milliseconds kFlushLook{10};

// The collector may say so as a response to a request that it took in part (ExportTracePartialSuccess).
std::size_t RefusedSpans(const std::string& body) {
  const auto json = ParseJson(body);
  const Json* const partial = json ? json->Find("partialSuccess") : nullptr;
  const Json* const refused = partial == nullptr ? nullptr : partial->Find("rejectedSpans");
  if (refused == nullptr) return 0;
  // A number of 64 bits is a text in this encoding; some write a number all the same.
  const std::string text = refused->text() != nullptr ? *refused->text() : ToString(*refused);
  const auto number = ParseJson(text);
  return number ? static_cast<std::size_t>(std::max<std::int64_t>(0, number->integer().value_or(0))) : 0;
}

}  // namespace

TraceExport::TraceExport(Tracer& tracer, Loop& loop, Transport& transport, Options options)
    : tracer_(tracer),
      loop_(loop),
      transport_(transport),
      collector_(std::make_shared<const TargetUrl>(std::move(options.collector))),
      headers_("Content-Type: application/json\r\nUser-Agent: Shakehook/" + options.source.version + "\r\n" +
               options.headers),
      source_(std::move(options.source)) {}

void TraceExport::Start() {
  loop_.Post([this] { loop_.Spawn(Run()); });
}

Async<> TraceExport::Run() {
  while (!ended_) {
    co_await SleepUntil(loop_, loop_.clock().Steady() + kInterval);
    LookWhetherItIsOver();
    while (!ended_) {
      group_ = tracer_.TakeSpans(kSpansPerRequest);
      if (group_.empty()) break;
      co_await SendGroup();
    }
  }
}

Async<> TraceExport::SendGroup() {
  Milliseconds pause = kFirstPause;
  for (int tries = 1;; ++tries) {
    const Verdict verdict = co_await SendOnce(loop_.clock().Steady() + kTimeout);
    if (verdict.sent != Sent::kTryAgain || (tries == kTriesMax && !ended_)) co_return EndGroup(verdict);
    if (!ended_) co_await SleepUntil(loop_, loop_.clock().Steady() + std::exchange(pause, 2 * pause));
    if (ended_) co_return;  // the flush has it
  }
}

Async<Done> TraceExport::Flush(SteadyTime deadline) {
  ended_ = true;
  const auto now = [this] { return loop_.clock().Steady(); };
  while (under_way_ && now() < deadline) co_await SleepUntil(loop_, std::min(deadline, now() + kFlushLook));
  while (!under_way_ && now() < deadline) {
    if (group_.empty()) group_ = tracer_.TakeSpans(kSpansPerRequest);
    if (group_.empty()) break;
    EndGroup(co_await SendOnce(deadline));
  }
  const std::size_t left = std::exchange(group_, {}).size() + tracer_.TakeSpans(Tracer::kSpansMax).size();
  if (left > 0) {
    tracer_.CountLost(left);
    LogWarning("the server stops before all traces are exported", {{"lost_spans", std::to_string(left)}});
  }
  co_return Done();
}

Async<TraceExport::Verdict> TraceExport::SendOnce(SteadyTime deadline) {
  const ClockReading clocks{.now = loop_.clock().Now(), .steady = loop_.clock().Steady()};
  under_way_ = true;
  const Exchange exchange =
      co_await transport_.Post({.url = collector_,
                                .headers = headers_,
                                .body = std::make_shared<const std::string>(OtlpTraces(group_, source_, clocks)),
                                .deadline = deadline});
  under_way_ = false;
  Verdict verdict = Judge(exchange);
  Observe(verdict);
  co_return verdict;
}

// OTLP names the statuses after which a request may be repeated.
TraceExport::Verdict TraceExport::Judge(const Exchange& exchange) {
  if (!exchange.response) return {.sent = Sent::kTryAgain, .reason = exchange.message};
  const int status = exchange.response->status;
  if (status >= 200 && status <= 299) return {.refused = RefusedSpans(exchange.response->body)};
  const bool later = status == 429 || status == 502 || status == 503 || status == 504;
  return {.sent = later ? Sent::kTryAgain : Sent::kNever, .reason = "the collector answered " + std::to_string(status)};
}

void TraceExport::EndGroup(const Verdict& verdict) {
  const std::size_t lost = verdict.sent == Sent::kYes ? std::min(verdict.refused, group_.size()) : group_.size();
  tracer_.CountExported(group_.size() - lost);
  tracer_.CountLost(lost);
  group_.clear();
}

void TraceExport::Observe(const Verdict& verdict) {
  taken_ = verdict.sent == Sent::kYes;
  if (taken_) return LookWhetherItIsOver();
  failed_at_ = loop_.clock().Steady();
  if (std::exchange(fails_, true)) return;
  LogWarning("traces are not exported; they are dropped where there is no room for them",
             {{"collector", collector_->host_header}, {"reason", verdict.reason}});
}

void TraceExport::LookWhetherItIsOver() {
  if (!fails_ || !taken_ || loop_.clock().Steady() - failed_at_ < kOverAfter) return;
  fails_ = false;
  LogInfo("the collector takes traces again");
}

}  // namespace shakehook
