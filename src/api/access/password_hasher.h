// PasswordHasher hashes and checks passwords (base/password.h) on a thread of its own, one at a time: each takes some
// tens of milliseconds and as many megabytes, and no loop may wait for that.
//
// Lifetime: destroyed before the loops whose coroutines wait in it; waiting calls are dropped.
// Threads:  from any Loop; each call resumes on the loop of its caller.
#pragma once

#include <boost/asio/io_context.hpp>
#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <thread>

#include "base/loop.h"
#include "base/mutex.h"

namespace shakehook {

class PasswordHasher {
 public:
  // kInline: on the caller's loop, so that a simulation repeats.
  enum class Execution { kThread, kInline };
  // Further ones are refused: this many take some seconds.
  static constexpr std::size_t kWaitingMax = 64;

  explicit PasswordHasher(Execution execution);
  ~PasswordHasher();
  PasswordHasher(const PasswordHasher&) = delete;
  PasswordHasher& operator=(const PasswordHasher&) = delete;

  // Both return nullopt if too many passwords wait.
  Async<std::optional<std::string>> Hash(std::string password);
  Async<std::optional<bool>> Check(std::string password, std::string hash);

 private:
  struct Job {
    asio::io_context& caller;
    std::move_only_function<Task()> work;  // returns the task to run on the caller's loop
  };

  template <class T>
  Async<std::optional<T>> Run(std::move_only_function<T()> work);
  bool Submit(Job job);
  void ThreadMain();

  const Execution execution_;
  Mutex mutex_;
  Condition changed_;
  std::deque<Job> jobs_ GUARDED_BY(mutex_);
  bool stopping_ GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace shakehook
