// Tracer notes what became of requests, commits and attempts as the spans of traces (OpenTelemetry), for whoever
// exports them. A request begins a trace, which names its caller's as a link, or continues the caller's where the
// operator trusts callers (W3C Trace Context); the commit of its events is a part of it, and each attempt to deliver
// one of these events a part of the commit. There is no Tracer where traces are off.
//
// Nobody waits for it: it keeps a bounded number of spans until they are taken. If there is no room for a further one,
// the tenant with the most spans loses its oldest, which is counted. So it is with the traces of events: an attempt of
// an event whose trace was forgotten begins a trace of its own. Hence no tenant's batches take the traces of others.
//
// Ownership: clock, random and registry outlive it; nobody else draws from random.
// Threads:   any.
// Loss:      a restart forgets spans that were not taken and the traces of events.
#pragma once

#include <prometheus/counter.h>
#include <prometheus/registry.h>

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <variant>
#include <vector>

#include "base/clock.h"
#include "base/fair_queue.h"
#include "base/mutex.h"
#include "base/random.h"
#include "base/shared_room.h"
#include "model/ids.h"
#include "trace/trace_context.h"

namespace shakehook {

// A span that has begun. Where it is not sampled, it only hands its trace on.
struct OpenSpan {
  TraceContext context;          // its own
  std::optional<SpanId> parent;  // absent: it begins the trace
  SteadyTime began;
  std::optional<TraceContext> link = {};  // the caller's span, in a trace that it does not continue
};

struct Span {
  // The numbers are OTLP's.
  enum class Kind : std::uint8_t { kInternal = 1, kServer = 2, kClient = 3 };
  using Value = std::variant<std::string, std::int64_t>;
  using Attributes = std::vector<std::pair<std::string_view, Value>>;  // the names are literals

  OpenSpan open;
  TenantKey tenant = {};  // who makes room if there are too many
  SteadyTime ended{};
  Kind kind = Kind::kInternal;
  std::string name;
  Attributes attributes;
  std::optional<std::string> error;  // present: what the span is about has failed
};

class Tracer {
 public:
  static constexpr std::size_t kSpansMax = 16'384;
  static constexpr std::size_t kEventsMax = 65'536;
  // Where callers are trusted and not all traces are sampled, callers may have so many a second sampled by their own
  // word: nobody fills the collector of an operator who wants little.
  static constexpr std::size_t kSampledByCallersMax = 100;

  struct Options {
    double sampled = 1;                     // the part of the traces that begin here, 0 to 1
    Switch tells_receivers = Switch::kOff;  // attempts have a traceparent header
    // Callers choose the trace's id, and whether it is sampled. Strangers to the operator's own systems must not: ids
    // that they choose mix their traces with others'.
    Switch trusts_callers = Switch::kOff;
  };

  Tracer(Clock& clock, Random& random, prometheus::Registry& registry, Options options);

  // Returns the span of a request, whose traceparent is `caller`. nullopt: nothing of it is traced.
  std::optional<OpenSpan> BeginRequest(const std::optional<TraceContext>& caller);
  // Returns the span of a part of what `parent` is about.
  OpenSpan BeginPart(const TraceContext& parent);
  // Notes which commit the events of a tenant are a part of.
  void Remember(std::span<const EventId> events, const TraceContext& commit, TenantKey tenant);
  // Returns the span of an attempt to deliver the event. nullopt: it is not traced.
  std::optional<OpenSpan> BeginAttempt(const EventId& event);
  bool tells_receivers() const { return options_.tells_receivers == Switch::kOn; }

  // Ends a span now. One that is not sampled is dropped.
  void End(Span span);
  // The request is a stranger's: its span is dropped, and whoever has a key may have the sampling that it asked for.
  void Forget(const OpenSpan& request);

  // Takes the oldest spans that have ended, `most` at most.
  std::vector<Span> TakeSpans(std::size_t most);
  // The spans of a group that was taken arrived at the collector, or did not.
  void CountExported(std::size_t spans) { exported_.Increment(static_cast<double>(spans)); }
  void CountLost(std::size_t spans) { lost_.Increment(static_cast<double>(spans)); }

 private:
  SpanId NewSpanId() REQUIRES(mutex_);
  TraceContext NewTrace() REQUIRES(mutex_);
  bool MayCallerSample(SteadyTime now) REQUIRES(mutex_);

  Clock& clock_;
  const Options options_;
  prometheus::Counter& exported_;
  prometheus::Counter& no_room_;
  prometheus::Counter& lost_;

  Mutex mutex_;
  Random& random_ GUARDED_BY(mutex_);
  std::int64_t second_ GUARDED_BY(mutex_) = 0;
  std::size_t sampled_by_callers_ GUARDED_BY(mutex_) = 0;  // in that second
  std::unordered_map<EventId, TraceContext> events_ GUARDED_BY(mutex_);
  SharedRoom<EventId> events_by_age_ GUARDED_BY(mutex_);  // the keys of events_

  Mutex spans_mutex_;
  SharedRoom<Span> spans_ GUARDED_BY(spans_mutex_);
};

// RequestTrace is a request's part in its trace, for what works for the request.
struct RequestTrace {
  Tracer* tracer;
  OpenSpan span;
  TenantKey tenant = {};  // whose records it is about
};

// CommitSpan is the span of a verb that stores events. It does nothing for a request that is not traced.
class CommitSpan {
 public:
  enum class Result : std::uint8_t { kStored, kRefused };

  // `events`: those that the verb is about to store. `request`: null, or it outlives this.
  CommitSpan(RequestTrace* request, std::span<const EventId> events);
  void End(Result result);

 private:
  RequestTrace* const request_;
  const std::size_t events_;
  std::optional<OpenSpan> span_;
};

}  // namespace shakehook
