#include "store/postgres/change_writer.h"

#include <boost/asio/use_awaitable.hpp>
#include <utility>

#include "base/loop_work.h"
#include "base/memory_reserve.h"

namespace shakehook::postgres {
namespace {

Async<Stored<Done>> RunGroup(ChangeGroup::Parts parts, std::vector<ChangeVerb*> verbs, Transaction& transaction) {
  ChangeGroup group(parts, std::move(verbs));
  co_return co_await group.Run(transaction);
}

}  // namespace

Async<Stored<Done>> ChangeWriter::Write(ChangeVerb verb) {
  if (waiting_.size() >= kWaitingMax) {
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

std::vector<ChangeWriter::Waiting*> ChangeWriter::Take() {
  std::vector<Waiting*> group;
  std::size_t changes = 0;
  while (!waiting_.empty()) {
    changes += waiting_.front()->verb.size();
    if (!group.empty() && changes > kGroupChangesMax) break;
    group.push_back(waiting_.front());
    waiting_.pop_front();
  }
  return group;
}

Async<> ChangeWriter::WriteAll() {
  while (!waiting_.empty()) {
    const std::vector<Waiting*> group = Take();
    std::vector<ChangeVerb*> verbs;
    for (Waiting* const waiting : group) verbs.push_back(&waiting->verb);
    if (!co_await WriteTogether(verbs) && verbs.size() > 1) {
      for (ChangeVerb* const verb : verbs) {
        std::vector<ChangeVerb*> alone = {verb};
        co_await WriteTogether(std::move(alone));
      }
    }
    for (Waiting* const waiting : group) loop_.Post(std::move(waiting->resume));
  }
  writing_ = false;
}

// A group that decided has set its verbs' results; a failure of the slot is every verb's.
Async<bool> ChangeWriter::WriteTogether(std::vector<ChangeVerb*> verbs) {
  const auto written = co_await slot_.Run<Done>(
      [this, verbs](Transaction& transaction) { return RunGroup(parts_, verbs, transaction); });
  const bool failed =
      !written && (written.error().kind == Refusal::Kind::kUnavailable || written.error().kind == Refusal::Kind::kBusy);
  if (failed) {
    for (ChangeVerb* const verb : verbs) verb->result = std::unexpected(written.error());
  }
  co_return !failed;
}

}  // namespace shakehook::postgres
