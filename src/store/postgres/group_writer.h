// GroupWriter gathers verbs of one kind while a group of them is written, and writes them as the next group. A group
// that cannot be written is tried again verb by verb, so that one that always fails spoils no other.
//
// Threads: the store's.
#pragma once

#include <boost/asio/use_awaitable.hpp>
#include <cstddef>
#include <deque>
#include <functional>
#include <utility>
#include <vector>

#include "base/loop.h"
#include "base/loop_work.h"
#include "base/memory_reserve.h"
#include "store/refusal.h"

namespace shakehook::postgres {

// A Verb has a `size()`, which groups are limited by, and a `result`.
template <class Verb>
class GroupWriter {
 public:
  struct Limits {
    std::size_t group_max = 0;    // the sum of the verbs' sizes
    std::size_t waiting_max = 0;  // verbs
  };
  // Writes the verbs in one transaction and sets their results; a refusal is all verbs': nothing was written.
  using WriteGroup = std::function<Async<Stored<Done>>(std::vector<Verb*>)>;

  GroupWriter(Loop& loop, const Limits& limits, WriteGroup write)
      : loop_(loop), limits_(limits), write_(std::move(write)) {}

  Async<Stored<Done>> Write(Verb verb) {
    if (waiting_.size() >= limits_.waiting_max) {
      co_return std::unexpected(Refusal{.kind = Refusal::Kind::kBusy, .detail = "too many changes wait to be written"});
    }
    const KeptLoopWork work;
    Waiting waiting{.verb = std::move(verb), .resume = {}};
    co_await asio::async_initiate<const asio::use_awaitable_t<Executor>, void()>(
        [this, &waiting](auto handler) {
          const UnrefusableWork unrefusable;
          waiting.resume = Task(std::move(handler));
          waiting_.push_back(&waiting);
          if (!std::exchange(writing_, true)) loop_.Spawn(WriteAll());
        },
        asio::use_awaitable_t<Executor>());
    work.Restore();
    co_return std::move(waiting.verb.result);
  }

 private:
  struct Waiting {
    Verb verb;
    Task resume;
  };

  // Takes the verbs of the next group, one at least.
  std::vector<Waiting*> Take() {
    std::vector<Waiting*> group;
    std::size_t size = 0;
    while (!waiting_.empty()) {
      size += waiting_.front()->verb.size();
      if (!group.empty() && size > limits_.group_max) break;
      group.push_back(waiting_.front());
      waiting_.pop_front();
    }
    return group;
  }

  // Writes group after group until nothing waits.
  Async<> WriteAll() {
    while (!waiting_.empty()) {
      const std::vector<Waiting*> group = Take();
      std::vector<Verb*> verbs;
      for (Waiting* const waiting : group) verbs.push_back(&waiting->verb);
      if (!co_await WriteTogether(verbs) && verbs.size() > 1) {
        for (Verb* const verb : verbs) {
          std::vector<Verb*> alone = {verb};
          co_await WriteTogether(std::move(alone));
        }
      }
      for (Waiting* const waiting : group) loop_.Post(std::move(waiting->resume));
    }
    writing_ = false;
  }

  // Returns whether the verbs have their results. What failed is every verb's.
  Async<bool> WriteTogether(std::vector<Verb*> verbs) {
    const auto written = co_await write_(verbs);
    const bool failed = !written && (written.error().kind == Refusal::Kind::kUnavailable ||
                                     written.error().kind == Refusal::Kind::kBusy);
    if (failed) {
      for (Verb* const verb : verbs) verb->result = std::unexpected(written.error());
    }
    co_return !failed;
  }

  Loop& loop_;
  const Limits limits_;
  const WriteGroup write_;
  std::deque<Waiting*> waiting_;  // each lives in the coroutine that waits
  bool writing_ = false;
};

}  // namespace shakehook::postgres
