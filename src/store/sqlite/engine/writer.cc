#include "store/sqlite/engine/writer.h"

#include <algorithm>
#include <boost/asio/post.hpp>
#include <utility>

#include "base/thread.h"

namespace shakehook::sqlite {
namespace {

// Under load a group that waits a little holds more, and a commit costs the same however many it is for.
constexpr std::size_t kLoad = 8;
constexpr Microseconds kLinger{2'000};
// The results of attempts may wait this long for another commit.
constexpr Microseconds kRecordLinger{5'000};
constexpr Microseconds kProbeInterval{1'000'000};

}  // namespace

void WriteQueue::Push(std::unique_ptr<WriteVerb> verb) {
  const WriteVerb::Ticket ticket = verb->ticket;
  if (ticket.urgency == WriteVerb::Urgency::kAtOnce) ++urgent_;
  auto& queue = ticket.kind == WriteVerb::Kind::kConfiguration ? configuration_ : records_;
  queue.Push(ticket.tenant, ticket.rows, std::move(verb));
}

WriteQueue::Group WriteQueue::Take() {
  Group group;
  std::size_t rows = 0;
  while (!records_.empty() && group.size() < kGroupMax) {
    if (!group.empty() && rows + records_.next_cost() > kGroupRowsMax) break;
    rows += records_.next_cost();
    group.push_back(records_.Pop());
  }
  if (!configuration_.empty()) group.push_back(configuration_.Pop());
  urgent_ -= static_cast<std::size_t>(std::ranges::count_if(group, [](const std::unique_ptr<WriteVerb>& verb) {
    return verb->ticket.urgency == WriteVerb::Urgency::kAtOnce;
  }));
  return group;
}

Writer::Writer(Mode mode, RunGroup run_group, std::function<void()> after_group)
    : mode_(mode),
      run_group_(std::move(run_group)),
      after_group_(std::move(after_group)),
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
      while (queue_.empty() && !stopping_ && writable_) changed_.Wait(mutex_);
      if (queue_.empty() && !stopping_) changed_.WaitFor(mutex_, kProbeInterval);
      if (stopping_) return;
      if (!queue_.empty()) {
        WaitForCompany();
        if (stopping_) return;
        group = queue_.Take();
      }
      last_group_ = group.size();
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

void Writer::Finish(Group group) {
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
  after_group_();
}

}  // namespace shakehook::sqlite
