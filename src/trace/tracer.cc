#include "trace/tracer.h"

#include <algorithm>

namespace shakehook {
namespace {

prometheus::Family<prometheus::Counter>& DroppedFamily(prometheus::Registry& registry) {
  return prometheus::BuildCounter()
      .Name("shakehook_trace_spans_dropped_total")
      .Help("Spans that were not exported: there was no room for them, or the collector did not take them.")
      .Register(registry);
}

// The standard's consistent sampling: the last 7 bytes of the id are chance, and every program decides by them.
bool IsSampled(const TraceId& id, double sampled) {
  constexpr std::size_t kRandomBytes = 7;
  std::uint64_t chance = 0;
  for (std::size_t i = id.bytes.size() - kRandomBytes; i < id.bytes.size(); ++i) chance = chance << 8 | id.bytes[i];
  return static_cast<double>(chance) < sampled * static_cast<double>(std::uint64_t{1} << (8 * kRandomBytes));
}

}  // namespace

Tracer::Tracer(Clock& clock, Random& random, prometheus::Registry& registry, Options options)
    : clock_(clock),
      options_(options),
      exported_(prometheus::BuildCounter()
                    .Name("shakehook_trace_spans_exported_total")
                    .Help("Spans that the collector took.")
                    .Register(registry)
                    .Add({})),
      no_room_(DroppedFamily(registry).Add({{"reason", "no_room"}})),
      lost_(DroppedFamily(registry).Add({{"reason", "collector"}})),
      random_(random),
      events_by_age_(kEventsMax),
      spans_(kSpansMax) {}

SpanId Tracer::NewSpanId() {
  SpanId id;
  // All zeros is no id, and as rare as any other.
  while (id == SpanId()) random_.Fill(id.bytes);
  return id;
}

TraceContext Tracer::NewTrace() {
  TraceContext context;
  while (context.trace == TraceId()) random_.Fill(context.trace.bytes);
  context.span = NewSpanId();
  context.sampled = IsSampled(context.trace, options_.sampled) ? Switch::kOn : Switch::kOff;
  return context;
}

bool Tracer::MayCallerSample(SteadyTime now) {
  if (options_.sampled >= 1) return true;
  const std::int64_t second = std::chrono::floor<std::chrono::seconds>(now.time_since_epoch()).count();
  if (std::exchange(second_, second) != second) sampled_by_callers_ = 0;
  return sampled_by_callers_++ < kSampledByCallersMax;
}

std::optional<OpenSpan> Tracer::BeginRequest(const std::optional<TraceContext>& caller) {
  const SteadyTime now = clock_.Steady();
  const MutexLock lock(mutex_);
  if (!caller || options_.trusts_callers == Switch::kOff) {
    const TraceContext context = NewTrace();
    if (context.sampled == Switch::kOff) return std::nullopt;
    return OpenSpan{.context = context, .parent = std::nullopt, .began = now, .link = caller};
  }
  // A caller who does not sample the trace is obeyed, also for what comes of the request.
  Switch sampled = caller->sampled;
  if (sampled == Switch::kOn && !MayCallerSample(now) && !IsSampled(caller->trace, options_.sampled)) {
    sampled = Switch::kOff;
  }
  return OpenSpan{.context = {.trace = caller->trace, .span = NewSpanId(), .sampled = sampled},
                  .parent = caller->span,
                  .began = now};
}

OpenSpan Tracer::BeginPart(const TraceContext& parent) {
  const SteadyTime now = clock_.Steady();
  const MutexLock lock(mutex_);
  return {.context = {.trace = parent.trace, .span = NewSpanId(), .sampled = parent.sampled},
          .parent = parent.span,
          .began = now};
}

void Tracer::Remember(std::span<const EventId> events, const TraceContext& commit, TenantKey tenant) {
  const MutexLock lock(mutex_);
  for (const EventId& event : events) {
    if (!events_.insert_or_assign(event, commit).second) continue;
    if (const auto forgotten = events_by_age_.Add(tenant, event)) events_.erase(*forgotten);
  }
}

std::optional<OpenSpan> Tracer::BeginAttempt(const EventId& event) {
  const SteadyTime now = clock_.Steady();
  const MutexLock lock(mutex_);
  const auto found = events_.find(event);
  if (found != events_.end()) {
    const TraceContext& commit = found->second;
    return OpenSpan{.context = {.trace = commit.trace, .span = NewSpanId(), .sampled = commit.sampled},
                    .parent = commit.span,
                    .began = now};
  }
  const TraceContext context = NewTrace();
  if (context.sampled == Switch::kOff) return std::nullopt;
  return OpenSpan{.context = context, .parent = std::nullopt, .began = now};
}

void Tracer::End(Span span) {
  if (span.open.context.sampled == Switch::kOff) return;
  span.ended = clock_.Steady();
  const TenantKey tenant = span.tenant;
  const MutexLock lock(spans_mutex_);
  if (spans_.Add(tenant, std::move(span))) no_room_.Increment();
}

void Tracer::Forget(const OpenSpan& request) {
  if (!request.parent || request.context.sampled == Switch::kOff) return;
  const MutexLock lock(mutex_);
  if (sampled_by_callers_ > 0) --sampled_by_callers_;
}

std::vector<Span> Tracer::TakeSpans(std::size_t most) {
  const MutexLock lock(spans_mutex_);
  std::vector<Span> taken;
  taken.reserve(std::min(most, spans_.size()));
  while (taken.size() < most) {
    auto span = spans_.TakeOldest();
    if (!span) break;
    taken.push_back(*std::move(span));
  }
  return taken;
}

CommitSpan::CommitSpan(RequestTrace* request, std::span<const EventId> events)
    : request_(request), events_(events.size()) {
  if (request_ == nullptr) return;
  span_ = request_->tracer->BeginPart(request_->span.context);
  request_->tracer->Remember(events, span_->context, request_->tenant);
}

void CommitSpan::End(Result result) {
  if (!span_) return;
  Span span{.open = *span_, .tenant = request_->tenant, .kind = Span::Kind::kInternal, .name = "commit"};
  span.attributes.emplace_back("shakehook.events", static_cast<std::int64_t>(events_));
  if (result == Result::kRefused) span.error = "The store did not take the change.";
  request_->tracer->End(std::move(span));
}

}  // namespace shakehook
