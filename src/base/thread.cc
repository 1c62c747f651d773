#include "base/thread.h"

#include <pthread.h>
#include <sys/resource.h>
#include <unistd.h>

namespace shakehook {
namespace {

// A tenth of a usual thread's weight.
constexpr int kNice = 10;

}  // namespace

void NameThread(const char* name) { pthread_setname_np(pthread_self(), name); }

// On Linux a thread has a nice value of its own.
void YieldToOtherThreads() { setpriority(PRIO_PROCESS, static_cast<id_t>(gettid()), kNice); }

}  // namespace shakehook
