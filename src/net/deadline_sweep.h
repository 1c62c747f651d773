// DeadlineSweep reports the deadlines that have passed, with one timer for a whole loop however many deadlines it has:
// deadlines come and go with every request, and nearly all go before they pass.
//
// Ownership: holds no deadline; each leaves by being destroyed. The Loop outlives it.
// Threads:   lives on its loop.
#pragma once

#include <boost/intrusive/list.hpp>
#include <optional>

#include "base/loop.h"

namespace shakehook {

class Deadline : public boost::intrusive::list_base_hook<boost::intrusive::link_mode<boost::intrusive::auto_unlink>> {
 public:
  explicit Deadline(SteadyTime at) : at_(at) {}
  Deadline(const Deadline&) = delete;
  Deadline& operator=(const Deadline&) = delete;

  SteadyTime at() const { return at_; }

 protected:
  ~Deadline() = default;

 private:
  friend class DeadlineSweep;
  // Called once, at its time or a few milliseconds later. Must not destroy a deadline.
  virtual void OnPassed() = 0;

  const SteadyTime at_;
};

class DeadlineSweep {
 public:
  explicit DeadlineSweep(Loop& loop) : loop_(loop) {}
  ~DeadlineSweep();
  DeadlineSweep(const DeadlineSweep&) = delete;
  DeadlineSweep& operator=(const DeadlineSweep&) = delete;

  void Add(Deadline& deadline);

 private:
  void SetTimer(SteadyTime at);
  void Sweep();

  Loop& loop_;
  boost::intrusive::list<Deadline, boost::intrusive::constant_time_size<false>> deadlines_;
  std::optional<Loop::TimerKey> timer_;
};

}  // namespace shakehook
