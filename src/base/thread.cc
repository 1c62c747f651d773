#include "base/thread.h"

#include <pthread.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cstdint>

namespace shakehook {
namespace {

// A tenth of a usual thread's weight.
constexpr int kYieldingNice = 10;
// Ten times a usual thread's weight.
constexpr int kPrecedingNice = -10;
constexpr std::uint64_t kShortTurnNs = 100'000;  // the shortest that the kernel knows

// sched_attr of sched_setattr(2), version 0. The C library has none before glibc 2.41.
struct SchedulingAttributes {
  std::uint32_t size;
  std::uint32_t policy;
  std::uint64_t flags;
  std::int32_t nice;
  std::uint32_t priority;
  std::uint64_t runtime;  // of a thread without deadlines: its turn, in ns
  std::uint64_t deadline;
  std::uint64_t period;
};

void SetNice(int nice) { setpriority(PRIO_PROCESS, static_cast<id_t>(gettid()), nice); }

}  // namespace

void NameThread(const char* name) { pthread_setname_np(pthread_self(), name); }

// On Linux a thread has a nice value of its own.
void YieldToOtherThreads() { SetNice(kYieldingNice); }

void GoBeforeOtherThreads() {
  SetNice(kPrecedingNice);
  SchedulingAttributes attributes{};
  if (syscall(SYS_sched_getattr, 0, &attributes, sizeof(attributes), 0) != 0) return;
  attributes.runtime = kShortTurnNs;
  syscall(SYS_sched_setattr, 0, &attributes, 0);
}

}  // namespace shakehook
