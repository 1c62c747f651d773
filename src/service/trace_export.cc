#include "service/trace_export.h"

#include <algorithm>
#include <utility>

#include "base/json.h"
#include "base/log.h"

namespace shakehook {
namespace {

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
    while (!ended_) {
      std::vector<Span> spans = tracer_.TakeSpans(kSpansPerRequest);
      if (spans.empty()) break;
      co_await SendGroup(std::move(spans));
    }
  }
}

Async<> TraceExport::SendGroup(std::vector<Span> spans) {
  Milliseconds pause = kFirstPause;
  Verdict verdict;
  for (int tries = 1;; ++tries) {
    verdict = co_await SendOnce(spans, loop_.clock().Steady() + kTimeout);
    Tell(verdict);
    if (verdict.sent != Sent::kTryAgain || tries == kTriesMax || ended_) break;
    co_await SleepUntil(loop_, loop_.clock().Steady() + std::exchange(pause, 2 * pause));
  }
  Count(spans, verdict);
}

Async<Done> TraceExport::Flush() {
  ended_ = true;
  const SteadyTime deadline = loop_.clock().Steady() + kFlushMax;
  while (loop_.clock().Steady() < deadline) {
    const std::vector<Span> spans = tracer_.TakeSpans(kSpansPerRequest);
    if (spans.empty()) break;
    Count(spans, co_await SendOnce(spans, deadline));
  }
  co_return Done();
}

Async<TraceExport::Verdict> TraceExport::SendOnce(const std::vector<Span>& spans, SteadyTime deadline) {
  const ClockReading clocks{.now = loop_.clock().Now(), .steady = loop_.clock().Steady()};
  const Exchange exchange =
      co_await transport_.Post({.url = collector_,
                                .headers = headers_,
                                .body = std::make_shared<const std::string>(OtlpTraces(spans, source_, clocks)),
                                .deadline = deadline});
  co_return Judge(exchange);
}

// OTLP names the statuses after which a request may be repeated.
TraceExport::Verdict TraceExport::Judge(const Exchange& exchange) {
  if (!exchange.response) return {.sent = Sent::kTryAgain, .reason = exchange.message};
  const int status = exchange.response->status;
  if (status >= 200 && status <= 299) return {.refused = RefusedSpans(exchange.response->body)};
  const bool later = status == 429 || status == 502 || status == 503 || status == 504;
  return {.sent = later ? Sent::kTryAgain : Sent::kNever, .reason = "the collector answered " + std::to_string(status)};
}

void TraceExport::Count(const std::vector<Span>& spans, const Verdict& verdict) {
  const std::size_t lost = verdict.sent == Sent::kYes ? std::min(verdict.refused, spans.size()) : spans.size();
  tracer_.CountExported(spans.size() - lost);
  tracer_.CountLost(lost);
}

void TraceExport::Tell(const Verdict& verdict) {
  const bool reached = verdict.sent == Sent::kYes;
  if (std::exchange(reached_, reached) == reached) return;
  if (reached) {
    LogInfo("the collector takes traces again");
  } else {
    LogWarning("traces are not exported; they are dropped where there is no room for them",
               {{"collector", collector_->host_header}, {"reason", verdict.reason}});
  }
}

}  // namespace shakehook
