#include "cli/traces.h"

#include <algorithm>
#include <utility>

#include "base/uuid.h"
#include "cli/otlp_headers.h"
#include "cli/version.h"

namespace shakehook {
namespace {

// The operator names the collector, nobody else: it may be anywhere.
AddressPolicy OpenPolicy() {
  AddressPolicy::Options options{.allow_http = true};
  for (const char* const all : {"0.0.0.0/0", "::/0"}) options.allowed_targets.push_back(*AddressRange::Parse(all));
  return AddressPolicy(std::move(options));
}

}  // namespace

std::expected<std::unique_ptr<Traces>, std::string> Traces::Open(const Settings& settings, Clock& clock,
                                                                 prometheus::Registry& registry,
                                                                 std::shared_ptr<TlsTrust> trust) {
  if (!settings.otlp_endpoint) return nullptr;
  std::string headers;
  if (settings.otlp_headers_file) {
    auto read = ReadOtlpHeaders(*settings.otlp_headers_file);
    if (!read) return std::unexpected(read.error());
    headers = *std::move(read);
  }
  return std::unique_ptr<Traces>(new Traces(settings, std::move(headers), clock, registry, std::move(trust)));
}

Traces::Traces(const Settings& settings, std::string headers, Clock& clock, prometheus::Registry& registry,
               std::shared_ptr<TlsTrust> trust)
    : tracer_(clock, random_, registry,
              {.sampled = settings.otlp_sample,
               .tells_receivers = settings.otlp_propagate,
               .trusts_callers = settings.otlp_trust_traceparent}),
      policy_(OpenPolicy()),
      loop_(clock),
      client_(loop_, policy_, std::move(trust)),
      export_(tracer_, loop_, client_,
              {.collector = *settings.otlp_endpoint,
               .headers = std::move(headers),
               .source = {.version = Version(), .instance = Uuid::MakeV7(clock.Now(), random_).ToString()}}) {}

void Traces::Start() {
  export_.Start();
  thread_ = std::make_unique<LoopThread>(loop_, "traces");
}

void Traces::BeginFlush(SteadyTime deadline) {
  loop_.Post([this, deadline] { loop_.Spawn(Flush(deadline)); });
}

Async<> Traces::Flush(SteadyTime deadline) {
  co_await export_.Flush(std::min(deadline, loop_.clock().Steady() + TraceExport::kFlushMax));
  flushed_ = true;
}

}  // namespace shakehook
