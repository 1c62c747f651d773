// LoopWatch measures the turns of a loop: a callback, or a coroutine from one wait to the next. While a turn lasts
// nothing else runs on the loop, so that a long one is counted, and logged with what ran.
//
// The time is the coarse clock's, which moves every few milliseconds (4 on most machines), because it costs a sixth of
// the fine one and is read twice a turn.
//
// Threads: Begin and End on its loop's thread; the counts from any thread.
#pragma once

#include <atomic>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/loop_work.h"
#include "base/time.h"

namespace shakehook {

class LoopWatch {
 public:
  struct Options {
    std::string kind;             // the kind of loop: "api", "delivery"
    std::string name;             // "api-0"
    std::string_view usual_work;  // the name of work that has set none
    Milliseconds slow{100};       // a turn that takes as long as this or longer is slow
  };
  // At most one slow turn is told in this time; the others are counted.
  static constexpr Milliseconds kReportInterval{10'000};

  // A slow turn that is to be told.
  struct Report {
    LoopWork work;
    Microseconds took{};
    std::uint64_t untold = 0;  // slow turns since the report before

    bool operator==(const Report&) const = default;
  };

  explicit LoopWatch(Options options) : options_(std::move(options)) {}

  void Begin(SteadyTime now) {
    begun_ = now;
    SetLoopWork({});
  }
  std::optional<Report> End(SteadyTime now) {
    const Microseconds took = now - begun_;
    if (took <= longest()) [[likely]] {
      if (took < options_.slow) return std::nullopt;
    } else {
      longest_us_.store(took.count(), std::memory_order_relaxed);
      if (took < options_.slow) return std::nullopt;
    }
    return EndSlow(now, took);
  }
  // As the log shows it: "POST /api/events".
  std::string TextOf(const LoopWork& work) const;

  const Options& options() const { return options_; }
  std::uint64_t slow_turns() const { return slow_turns_.load(std::memory_order_relaxed); }
  // Since it was made.
  Microseconds longest() const { return Microseconds(longest_us_.load(std::memory_order_relaxed)); }

 private:
  std::optional<Report> EndSlow(SteadyTime now, Microseconds took);

  const Options options_;
  SteadyTime begun_;
  std::optional<SteadyTime> reported_at_;
  std::uint64_t untold_ = 0;
  std::atomic<std::uint64_t> slow_turns_ = 0;
  std::atomic<std::int64_t> longest_us_ = 0;
};

// The watch of the loop that the thread runs (Loop::Run sets it); null: nobody watches.
inline thread_local constinit LoopWatch* current_loop_watch = nullptr;

}  // namespace shakehook
