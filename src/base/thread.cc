#include "base/thread.h"

#include <pthread.h>
#include <sys/resource.h>
#include <unistd.h>

namespace shakehook {
namespace {

// A tenth of a usual thread's weight.
constexpr int kNice = 10;
// A seventieth.
constexpr int kNicest = 19;

// On Linux a thread has a nice value of its own.
void SetNice(int nice) { setpriority(PRIO_PROCESS, static_cast<id_t>(gettid()), nice); }

}  // namespace

void NameThread(const char* name) { pthread_setname_np(pthread_self(), name); }

void YieldToOtherThreads() { SetNice(kNice); }

void TakeOnlyIdleTime() { SetNice(kNicest); }

}  // namespace shakehook
