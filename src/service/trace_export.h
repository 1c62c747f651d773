// TraceExport sends the Tracer's spans to a collector, by OTLP/HTTP in its JSON encoding: what has ended twice a
// second, in groups. A group that the collector cannot take now is tried again a few times, and lost after that;
// meanwhile the Tracer keeps what it has room for. One line of the log tells when the collector takes no traces, and
// one when it has taken all that it was sent for kOverAfter: a collector that takes and refuses in turn makes one line.
//
// The address policy of deliveries does not hold for the collector: the operator names it, nobody else.
//
// Ownership: tracer, loop and transport outlive it; destroyed after the loop has ended.
// Threads:   lives on its loop; Start from any thread.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/loop.h"
#include "base/result.h"
#include "net/transport.h"
#include "trace/otlp_json.h"
#include "trace/tracer.h"

namespace shakehook {

class TraceExport {
 public:
  static constexpr Milliseconds kInterval{500};
  static constexpr std::size_t kSpansPerRequest = 512;
  static constexpr Milliseconds kTimeout{10'000};  // for a request
  static constexpr int kTriesMax = 5;
  static constexpr Milliseconds kFirstPause{1'000};  // before the second try; each further one takes twice as long
  static constexpr Milliseconds kFlushMax{1'000};
  static constexpr Milliseconds kOverAfter{10'000};

  struct Options {
    TargetUrl collector;
    std::string headers;  // further lines "Name: value\r\n", which may be secret
    TraceSource source;
  };

  TraceExport(Tracer& tracer, Loop& loop, Transport& transport, Options options);

  // Called once.
  void Start();
  // Sends what there is until `deadline`, once: the group that waits to be tried again too, and the one under way is
  // awaited. What is left then is lost. Nothing is sent after it. On the loop.
  Async<Done> Flush(SteadyTime deadline);

 private:
  enum class Sent : std::uint8_t { kYes, kTryAgain, kNever };
  struct Verdict {
    Sent sent = Sent::kYes;
    std::size_t refused = 0;  // spans that the collector did not want, of those it took
    std::string reason;       // why it did not take them
  };

  Async<> Run();
  // Sends group_, and tries it again as often as it may be.
  Async<> SendGroup();
  // Sends group_ once.
  Async<Verdict> SendOnce(SteadyTime deadline);
  static Verdict Judge(const Exchange& exchange);
  // Counts group_, which has no further try, and empties it.
  void EndGroup(const Verdict& verdict);
  // Logs that the collector takes no traces, where that is news.
  void Observe(const Verdict& verdict);
  // Logs that it takes them again, where that is news and lasts.
  void LookWhetherItIsOver();

  Tracer& tracer_;
  Loop& loop_;
  Transport& transport_;
  const std::shared_ptr<const TargetUrl> collector_;
  const std::string headers_;
  const TraceSource source_;
  std::vector<Span> group_;  // is being sent; empty between two groups
  bool under_way_ = false;   // a request with group_ is
  bool ended_ = false;
  bool fails_ = false;  // was logged
  bool taken_ = true;   // the newest request
  SteadyTime failed_at_{};
};

}  // namespace shakehook
