#include "store/sqlite/writer.h"

#include <algorithm>
#include <boost/asio/post.hpp>
#include <iterator>
#include <utility>

#include "base/thread.h"

namespace shakehook::sqlite {
namespace {

constexpr std::size_t kGroupMax = 1'000;
// Under load a group that waits a little holds more, and a commit costs the same however many it is for.
constexpr std::size_t kLoad = 8;
constexpr Microseconds kLinger{2'000};
// What was sent may be recorded with whatever is committed next.
constexpr Microseconds kRecordLinger{5'000};
constexpr Microseconds kProbeInterval{1'000'000};

}  // namespace

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
    if (verb->urgency != WriteVerb::Urgency::kMayWait) ++urgent_;
    queue_.push_back(std::move(verb));
    wake = queue_.size() >= wake_at_ || (urgent_ > 0 && wake_for_urgent_);
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
        group = TakeGroup();
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
        group = TakeGroup();
      }
      last_group_ = group.size();
    }
    Finish(std::move(group));
  }
}

// A wakeup for nothing only ends the wait early.
void Writer::WaitForCompany() {
  if (urgent_ == 0) {
    wake_at_ = kGroupMax;
    wake_for_urgent_ = true;
    changed_.WaitFor(mutex_, kRecordLinger);
    wake_for_urgent_ = false;
  }
  if (last_group_ >= kLoad && queue_.size() < last_group_) {
    // As many as last time are likely to come again: those that the last commit let go on.
    wake_at_ = last_group_;
    changed_.WaitFor(mutex_, kLinger);
  }
  wake_at_ = kNotWaiting;
}

Writer::Group Writer::TakeGroup() {
  const auto alone = [](const std::unique_ptr<WriteVerb>& verb) { return verb->urgency == WriteVerb::Urgency::kAlone; };
  std::size_t count = std::min(queue_.size(), kGroupMax);
  if (alone(queue_.front())) {
    count = 1;
  } else {
    count = static_cast<std::size_t>(std::find_if(queue_.begin(), queue_.begin() + count, alone) - queue_.begin());
  }
  Group group(std::make_move_iterator(queue_.begin()), std::make_move_iterator(queue_.begin() + count));
  queue_.erase(queue_.begin(), queue_.begin() + count);
  urgent_ -= std::ranges::count_if(
      group, [](const std::unique_ptr<WriteVerb>& verb) { return verb->urgency != WriteVerb::Urgency::kMayWait; });
  return group;
}

void Writer::Finish(Group group) {
  writable_ = run_group_(group);
  // One post for each loop: a wakeup costs more than what it carries.
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
