#include "api/access/password_hasher.h"

#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <utility>

#include "base/memory_reserve.h"
#include "base/password.h"
#include "base/thread.h"

namespace shakehook {
namespace {

constexpr asio::use_awaitable_t<Executor> kAwait;

}  // namespace

PasswordHasher::PasswordHasher(Execution execution) : execution_(execution) {
  if (execution_ == Execution::kThread) thread_ = std::thread([this] { ThreadMain(); });
}

PasswordHasher::~PasswordHasher() {
  {
    const MutexLock lock(mutex_);
    stopping_ = true;
    changed_.NotifyAll();
  }
  if (thread_.joinable()) thread_.join();
}

Async<std::optional<std::string>> PasswordHasher::Hash(std::string password) {
  return Run<std::string>([password = std::move(password)] { return HashPassword(password); });
}

Async<std::optional<bool>> PasswordHasher::Check(std::string password, std::string hash) {
  return Run<bool>([password = std::move(password), hash = std::move(hash)] { return IsPassword(password, hash); });
}

template <class T>
Async<std::optional<T>> PasswordHasher::Run(std::move_only_function<T()> work) {
  if (execution_ == Execution::kInline) co_return work();
  const Executor executor = co_await asio::this_coro::executor;
  asio::io_context& caller = executor.context();
  const KeptLoopWork kept;
  auto result = co_await asio::async_initiate<const asio::use_awaitable_t<Executor>, void(std::optional<T>)>(
      [this, &caller, &work](auto handler) {
        const UnrefusableWork unrefusable;
        // Shared, because a job that is refused must resume its caller too.
        auto resume = std::make_shared<decltype(handler)>(std::move(handler));
        const bool taken = Submit(
            {caller, [work = std::move(work), resume]() mutable {
               return Task([result = work(), resume]() mutable { (*resume)(std::optional<T>(std::move(result))); });
             }});
        if (!taken) asio::post(caller, [resume] { (*resume)(std::optional<T>()); });
      },
      kAwait);
  kept.Restore();
  co_return result;
}

bool PasswordHasher::Submit(Job job) {
  const MutexLock lock(mutex_);
  if (jobs_.size() >= kWaitingMax) return false;
  jobs_.push_back(std::move(job));
  changed_.NotifyOne();
  return true;
}

void PasswordHasher::ThreadMain() {
  NameThread("passwords");
  for (;;) {
    std::optional<Job> job;
    {
      const MutexLock lock(mutex_);
      while (jobs_.empty() && !stopping_) changed_.Wait(mutex_);
      if (stopping_) return;
      job.emplace(std::move(jobs_.front()));
      jobs_.pop_front();
    }
    asio::post(job->caller, job->work());
  }
}

}  // namespace shakehook
