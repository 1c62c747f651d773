#include "records/edit_turns.h"

#include <algorithm>
#include <boost/asio/use_awaitable.hpp>

#include "base/memory_reserve.h"

namespace shakehook {

bool EditTurns::TakeIfFree(const Name& name) {
  const MutexLock lock(mutex_);
  return lines_.try_emplace(name).second;
}

std::optional<EditTurns::Outcome> EditTurns::Join(const Name& name, const std::shared_ptr<Waiter>& waiter) {
  const MutexLock lock(mutex_);
  const auto [line, free] = lines_.try_emplace(name);
  if (free) return Outcome::kTurn;
  if (line->second.size() >= kWaitingMax) return Outcome::kTooMany;
  line->second.push_back(waiter);
  return std::nullopt;
}

void EditTurns::Pass(const Name& name) {
  const UnrefusableWork unrefusable;
  const MutexLock lock(mutex_);
  const auto line = lines_.find(name);
  while (!line->second.empty()) {
    const std::weak_ptr<Waiter> next = std::move(line->second.front());
    line->second.pop_front();
    const auto waiter = next.lock();
    if (!waiter) continue;  // it waited for too long
    waiter->loop.Post([this, next, name] {
      const auto waiting = next.lock();
      if (!waiting) return Pass(name);
      auto resume = std::move(waiting->resume);
      waiting->loop.Cancel(waiting->timer);
      resume(Outcome::kTurn);
    });
    return;
  }
  lines_.erase(line);
}

Async<EditTurns::Outcome> EditTurns::Wait(Loop& loop, const Name& name) {
  const KeptLoopWork work;
  const Outcome outcome = co_await asio::async_initiate<const asio::use_awaitable_t<Executor>, void(Outcome)>(
      [this, &loop, &name](auto handler) {
        const UnrefusableWork unrefusable;
        const auto waiter = std::make_shared<Waiter>(loop);
        waiter->resume = std::move(handler);
        waiter->timer = loop.CallAt(loop.clock().Steady() + kWaitMax, [waiter] {
          auto resume = std::move(waiter->resume);
          resume(Outcome::kTooLong);
        });
        const auto outcome = Join(name, waiter);
        if (!outcome) return;
        loop.Post([outcome = *outcome, resume = std::move(waiter->resume)]() mutable { resume(outcome); });
        loop.Cancel(waiter->timer);
      },
      asio::use_awaitable_t<Executor>());
  work.Restore();
  co_return outcome;
}

Async<std::expected<EditTurns::Turn, EditTurns::NoTurn>> EditTurns::Take(Loop& loop, Name name) {
  if (TakeIfFree(name)) co_return Turn(*this, std::move(name));
  const Outcome outcome = co_await Wait(loop, name);
  if (outcome == Outcome::kTurn) co_return Turn(*this, std::move(name));
  co_return std::unexpected(outcome == Outcome::kTooLong ? NoTurn::kTooLong : NoTurn::kTooMany);
}

Async<std::expected<std::vector<EditTurns::Turn>, EditTurns::NoTurn>> EditTurns::TakeAll(Loop& loop,
                                                                                         std::vector<Name> names) {
  std::ranges::sort(names);
  const auto repeated = std::ranges::unique(names);
  names.erase(repeated.begin(), repeated.end());
  std::vector<Turn> turns;
  turns.reserve(names.size());
  for (Name& name : names) {
    auto turn = co_await Take(loop, std::move(name));
    if (!turn) co_return std::unexpected(turn.error());
    turns.push_back(*std::move(turn));
  }
  co_return turns;
}

}  // namespace shakehook
