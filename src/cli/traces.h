// Traces is tracing in a process: the Tracer, and a thread of its own that sends spans to the collector, so that no
// other loop works for it.
//
// Ownership: clock and registry outlive it.
// Threads:   made, started, ended and destroyed by the main thread; the Tracer from any.
#pragma once

#include <prometheus/registry.h>

#include <atomic>
#include <expected>
#include <memory>
#include <string>

#include "base/loop.h"
#include "base/random.h"
#include "cli/loop_thread.h"
#include "cli/settings.h"
#include "net/address_policy.h"
#include "net/http_client.h"
#include "service/trace_export.h"
#include "trace/tracer.h"

namespace shakehook {

class Traces {
 public:
  // Returns null where --otlp-endpoint is not given. The error is one line.
  static std::expected<std::unique_ptr<Traces>, std::string> Open(const Settings& settings, Clock& clock,
                                                                  prometheus::Registry& registry,
                                                                  std::shared_ptr<TlsTrust> trust);

  Tracer& tracer() { return tracer_; }
  void Start();
  // Begins to send what there is, for kFlushMax at most and not beyond `deadline`. Nothing is sent after it. Called
  // once, after Start.
  void BeginFlush(SteadyTime deadline);
  bool flushed() const { return flushed_; }
  // Ends the thread.
  void End() { thread_.reset(); }

 private:
  Traces(const Settings& settings, std::string headers, Clock& clock, prometheus::Registry& registry,
         std::shared_ptr<TlsTrust> trust);
  Async<> Flush(SteadyTime deadline);

  SecureRandom random_;
  Tracer tracer_;
  AddressPolicy policy_;
  Loop loop_;
  HttpClient client_;
  TraceExport export_;
  std::atomic<bool> flushed_ = false;
  std::unique_ptr<LoopThread> thread_;
};

}  // namespace shakehook
