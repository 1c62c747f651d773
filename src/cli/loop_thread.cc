#include "cli/loop_thread.h"

#include <pthread.h>

namespace shakehook {

LoopThread::LoopThread(Loop& loop, const std::string& name) : loop_(loop), thread_([&loop] { loop.Run(); }) {
  pthread_setname_np(thread_.native_handle(), name.c_str());
}

void LoopThread::Stop() {
  if (!thread_.joinable()) return;
  loop_.Stop();
  thread_.join();
}

}  // namespace shakehook
