#include "store/sqlite/engine/writer.h"

#include <algorithm>
#include <boost/asio/post.hpp>
#include <utility>

#include "base/clock.h"
#include "base/thread.h"

namespace shakehook::sqlite {
namespace {

// Under load a group that waits a little holds more, and a commit costs the same however many it is for.
constexpr std::size_t kLoad = 8;
constexpr Microseconds kLinger{2'000};
// The results of attempts may wait this long for another commit.
constexpr Microseconds kRecordLinger{5'000};
constexpr Microseconds kProbeInterval{1'000'000};
// While verbs are held and no others come.
constexpr Microseconds kHeldInterval{2'000};

}  // namespace

void WriteQueue::Push(std::unique_ptr<WriteVerb> verb) {
  const WriteVerb::Ticket ticket = verb->ticket;
  if (ticket.urgency == WriteVerb::Urgency::kAtOnce) ++urgent_;
  auto& queue = ticket.kind == WriteVerb::Kind::kConfiguration ? configuration_ : records_;
  queue.Push(ticket.tenant, ticket.rows, std::move(verb));
}

std::unique_ptr<WriteVerb> WriteQueue::Pop(FairQueue<std::unique_ptr<WriteVerb>>& queue) {
  std::unique_ptr<WriteVerb> verb = queue.Pop();
  if (verb->ticket.urgency == WriteVerb::Urgency::kAtOnce) --urgent_;
  return verb;
}

WriteQueue::Group WriteQueue::TakeHeld(const MayWrite& may_write) {
  Group group;
  std::size_t rows = 0;
  // The tenants take turns. Those that may not write are passed over.
  for (std::size_t passed = 0; passed < held_.size() && group.size() < kGroupMax / 2;) {
    auto next = held_.upper_bound(last_held_);
    if (next == held_.end()) next = held_.begin();
    auto& [tenant, verbs] = *next;
    const bool may = !may_write || may_write({tenant});
    const std::size_t cost = verbs.front()->ticket.rows;
    if (may && !group.empty() && rows + cost > kGroupRowsMax / 2) break;
    last_held_ = tenant;
    if (!may) {
      ++passed;
      continue;
    }
    passed = 0;
    rows += cost;
    group.push_back(std::move(verbs.front()));
    verbs.pop_front();
    if (verbs.empty()) held_.erase(next);
  }
  return group;
}

// Others do not wait until nothing is held any more: they have half of each group.
WriteQueue::Group WriteQueue::Take(const MayWrite& may_write) {
  Group group = TakeHeld(may_write);
  const std::size_t held = group.size();
  const std::size_t rows_max = held > 0 ? kGroupRowsMax / 2 : kGroupRowsMax;
  std::size_t rows = 0;
  while (!records_.empty() && group.size() < kGroupMax) {
    if (group.size() > held && rows + records_.next_cost() > rows_max) break;
    const std::size_t cost = records_.next_cost();
    std::unique_ptr<WriteVerb> verb = Pop(records_);
    const TenantKey tenant = verb->ticket.tenant;
    if (held_.contains(tenant.value) || (cost > 0 && may_write && !may_write(tenant))) {
      held_[tenant.value].push_back(std::move(verb));
      continue;
    }
    rows += cost;
    group.push_back(std::move(verb));
  }
  if (!configuration_.empty()) group.push_back(Pop(configuration_));
  return group;
}

Writer::Writer(Mode mode, RunGroup run_group, AfterGroup after_group, WriteQueue::MayWrite may_write)
    : mode_(mode),
      run_group_(std::move(run_group)),
      after_group_(std::move(after_group)),
      may_write_(std::move(may_write)),
      alive_(std::make_shared<bool>(true)) {
  if (mode_ == Mode::kThread) thread_ = std::thread([this] { ThreadMain(); });
}

Writer::~Writer() {
  *alive_ = false;
  {
    const MutexLock lock(mutex_);
    stopping_ = true;
    changed_.NotifyAll();
  }
  if (thread_.joinable()) thread_.join();
}

void Writer::Submit(std::unique_ptr<WriteVerb> verb) {
  asio::io_context& caller = verb->caller;
  bool wake = false;
  {
    const MutexLock lock(mutex_);
    queue_.Push(std::move(verb));
    wake = queue_.size() >= wake_at_ || (queue_.urgent() && wake_for_urgent_);
    if (mode_ == Mode::kInline && std::exchange(scheduled_, true)) return;
  }
  if (mode_ == Mode::kThread) {
    if (wake) changed_.NotifyOne();
    return;
  }
  asio::post(caller, [this, alive = alive_] {
    if (!*alive) return;
    for (;;) {
      Group group;
      {
        const MutexLock inner(mutex_);
        if (queue_.empty()) {
          scheduled_ = false;
          return;
        }
        group = queue_.Take();
      }
      Finish(std::move(group));
    }
  });
}

void Writer::ThreadMain() {
  NameThread("writer");
  for (;;) {
    Group group;
    {
      const MutexLock lock(mutex_);
      wake_at_ = 1;
      while (queue_.empty() && !queue_.holds() && !stopping_ && writable_) changed_.Wait(mutex_);
      if (queue_.empty() && !stopping_) changed_.WaitFor(mutex_, queue_.holds() ? kHeldInterval : kProbeInterval);
      if (stopping_) return;
      if (!queue_.empty()) WaitForCompany();
      if (stopping_) return;
      group = queue_.Take(may_write_);
      last_group_ = group.size();
      if (!queue_.holds()) {
        held_since_.reset();
      } else if (!held_since_) {
        held_since_ = SystemClock().Steady();
      }
    }
    Finish(std::move(group));
  }
}

// A wakeup for nothing only ends the wait early.
void Writer::WaitForCompany() {
  if (!queue_.urgent()) {
    wake_at_ = WriteQueue::kGroupMax;
    wake_for_urgent_ = true;
    changed_.WaitFor(mutex_, kRecordLinger);
    wake_for_urgent_ = false;
  }
  if (last_group_ >= kLoad && queue_.size() < last_group_) {
    // As many verbs as last time will probably come again, from the callers that the last commit resumed.
    wake_at_ = last_group_;
    changed_.WaitFor(mutex_, kLinger);
  }
  wake_at_ = kNotWaiting;
}

Microseconds Writer::TimeAtGroup(SteadyTime now) const {
  return std::max(Microseconds(0), now - group_began_.load(std::memory_order_relaxed));
}

void Writer::Finish(Group group) {
  group_began_.store(SystemClock().Steady(), std::memory_order_relaxed);
  writable_ = run_group_(group);
  // One post for each loop: waking it costs more than the results.
  std::vector<std::pair<asio::io_context*, Group>> shares;
  for (std::unique_ptr<WriteVerb>& verb : group) {
    asio::io_context* const caller = &verb->caller;
    auto share = std::ranges::find(shares, caller, &std::pair<asio::io_context*, Group>::first);
    if (share == shares.end()) share = shares.insert(shares.end(), {caller, Group()});
    share->second.push_back(std::move(verb));
  }
  for (auto& [caller, verbs] : shares) {
    asio::post(*caller, [share = std::move(verbs)] {
      for (const std::unique_ptr<WriteVerb>& verb : share) verb->Complete();
    });
  }
  after_group_(held_since_ ? SystemClock().Steady() - *held_since_ : Microseconds(0));
  group_began_.store(SteadyTime::max(), std::memory_order_relaxed);
}

}  // namespace shakehook::sqlite
