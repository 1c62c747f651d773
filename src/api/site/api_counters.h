// ApiCounters counts what happens at the API beside its requests (http/request_metrics.h): open streams, and attempts
// to sign in that failed.
//
// Threads: counting from any thread.
#pragma once

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/registry.h>

namespace shakehook {

struct ApiCounters {
  explicit ApiCounters(prometheus::Registry& registry)
      : stream_clients(prometheus::BuildGauge()
                           .Name("shakehook_stream_clients")
                           .Help("Clients of /api/stream.")
                           .Register(registry)
                           .Add({})),
        wrong_passwords(SignInFailures(registry).Add({{"reason", "wrong"}})),
        slowed_sign_ins(SignInFailures(registry).Add({{"reason", "too_many"}})),
        busy_sign_ins(SignInFailures(registry).Add({{"reason", "busy"}})) {}

  prometheus::Gauge& stream_clients;
  prometheus::Counter& wrong_passwords;  // wrong setup tokens are among them
  prometheus::Counter& slowed_sign_ins;  // refused with 429, because too many had failed
  prometheus::Counter& busy_sign_ins;    // refused with 503, because too many signed in at once

 private:
  static prometheus::Family<prometheus::Counter>& SignInFailures(prometheus::Registry& registry) {
    return prometheus::BuildCounter()
        .Name("shakehook_sign_in_failures_total")
        .Help("Attempts to sign in to the dashboard that failed, by why.")
        .Register(registry);
  }
};

}  // namespace shakehook
