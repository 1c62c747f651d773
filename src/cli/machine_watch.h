// MachineWatch reads every few seconds what this process and its disk have left: memory, files, threads, the database's
// files and the room beside them. /metrics shows it, and the log tells once when the disk has little room, and once
// when it has room again. It has a thread of its own, because asking a disk may take long.
//
// Ownership: clients outlive it.
// Threads:   made and destroyed by one thread; Collect from any thread.
#pragma once

#include <prometheus/collectable.h>

#include <cstdint>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "base/clock.h"
#include "base/mutex.h"
#include "net/http_client.h"

namespace shakehook {

class MachineWatch final : public prometheus::Collectable {
 public:
  // Less than kLittle is told; it is over where there is more than kEnough.
  static constexpr std::uint64_t kLittle = 1'024ULL * 1'024 * 1'024;
  static constexpr std::uint64_t kEnough = kLittle / 4 * 5;
  static constexpr Milliseconds kInterval{5'000};

  MachineWatch(std::string database, std::vector<const HttpClient*> clients, const Clock& clock);
  ~MachineWatch() override;
  MachineWatch(const MachineWatch&) = delete;
  MachineWatch& operator=(const MachineWatch&) = delete;

  // Begins the thread.
  void Start();

  std::vector<prometheus::MetricFamily> Collect() const override;

 private:
  struct Reading {
    std::uint64_t resident = 0;
    std::uint64_t address_space = 0;
    std::uint64_t threads = 0;
    std::uint64_t open_files = 0;
    std::uint64_t database = 0, log = 0, search = 0;
    std::optional<std::uint64_t> disk_free, disk_size;  // absent: the disk does not say
  };

  void ThreadMain();
  Reading Read() const;
  void TellDisk(const Reading& reading);

  const std::string database_;
  const std::string folder_;
  const std::vector<const HttpClient*> clients_;
  const Timestamp started_at_;
  bool disk_is_low_ = false;  // the thread's

  mutable Mutex mutex_;
  Condition changed_;
  Reading last_ GUARDED_BY(mutex_);
  bool stopping_ GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace shakehook
