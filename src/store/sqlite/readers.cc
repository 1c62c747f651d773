#include "store/sqlite/readers.h"

#include <boost/asio/post.hpp>
#include <utility>

#include "base/thread.h"

namespace shakehook::sqlite {

ReadSession::ReadSession(const std::string& path)
    : connection(path, Access::kReadOnly),
      resources(connection),
      sorted_resources(connection),
      events(connection),
      event_list(connection, events),
      deliveries(connection),
      delivery_list(connection, deliveries, events),
      replays(connection, events),
      imports(connection),
      statistics(connection),
      sessions(connection),
      audit(connection),
      kept_answers(connection),
      begin(connection, "BEGIN"),
      commit(connection, "COMMIT"),
      health(connection, kSelectHealth) {}

Readers::Readers(const std::string& path, int threads) : inline_(threads == 0), alive_(std::make_shared<bool>(true)) {
  for (int i = 0; i < std::max(1, threads); ++i) sessions_.push_back(std::make_unique<ReadSession>(path));
  if (inline_) return;
  for (const auto& session : sessions_) threads_.emplace_back([this, &session] { ThreadMain(*session); });
}

Readers::~Readers() {
  *alive_ = false;
  {
    const MutexLock lock(mutex_);
    stopping_ = true;
    changed_.NotifyAll();
  }
  for (std::thread& thread : threads_) thread.join();
}

void Readers::Submit(asio::io_context& caller, Read read) {
  if (inline_) {
    asio::post(caller, [this, alive = alive_, read = std::move(read)]() mutable {
      if (*alive) read (*sessions_[0])();
    });
    return;
  }
  {
    const MutexLock lock(mutex_);
    jobs_.push_back({caller, std::move(read)});
  }
  changed_.NotifyOne();
}

void Readers::ThreadMain(ReadSession& session) {
  NameThread("reader");
  for (;;) {
    std::optional<Job> job;
    {
      const MutexLock lock(mutex_);
      while (jobs_.empty() && !stopping_) changed_.Wait(mutex_);
      if (stopping_) return;
      job.emplace(std::move(jobs_.front()));
      jobs_.pop_front();
    }
    asio::post(job->caller, job->read(session));
  }
}

}  // namespace shakehook::sqlite
