// BacklogTrend tells when what waits grows and grows although the receivers do well: this server, its disk or its
// network does not keep up. It is told once when that begins, and once when the backlog has gone.
//
// Threads: none; its owner's.
#pragma once

#include <cstdint>
#include <optional>

#include "base/time.h"

namespace shakehook {

class BacklogTrend {
 public:
  // The backlog is compared once in this time; it grows if it was larger this often in a row.
  static constexpr Milliseconds kStep{60'000};
  static constexpr int kStepsMin = 5;
  // Less is no backlog.
  static constexpr std::int64_t kPendingMin = 1'000;

  enum class News : std::uint8_t { kGrows, kGone };

  // `pending`: what waits for webhooks that neither fail nor are disabled.
  std::optional<News> Look(std::int64_t pending, SteadyTime now);
  bool grows() const { return grows_; }

 private:
  std::optional<SteadyTime> compared_at_;
  std::int64_t last_ = 0;
  int steps_ = 0;
  bool grows_ = false;
};

}  // namespace shakehook
