#include "cli/loop_thread.h"

#include "base/thread.h"

namespace shakehook {

LoopThread::LoopThread(Loop& loop, const std::string& name)
    : loop_(loop), thread_([&loop, name] {
        NameThread(name.c_str());
        loop.Run();
      }) {}

void LoopThread::Stop() {
  if (!thread_.joinable()) return;
  loop_.Stop();
  thread_.join();
}

}  // namespace shakehook
