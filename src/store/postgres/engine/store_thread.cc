#include "store/postgres/engine/store_thread.h"

#include "base/thread.h"

namespace shakehook::postgres {

StoreThread::StoreThread() : loop_(clock_) {
  thread_ = std::thread([this] {
    NameThread("postgres");
    loop_.Run();
  });
}

StoreThread::~StoreThread() { Stop(); }

void StoreThread::Stop() {
  if (!thread_.joinable()) return;
  loop_.Post([this] { loop_.Stop(); });
  thread_.join();
}

}  // namespace shakehook::postgres
