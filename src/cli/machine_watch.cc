#include "cli/machine_watch.h"

#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <functional>
#include <utility>

#include "api/metric_families.h"
#include "base/log.h"
#include "base/thread.h"
#include "cli/version.h"
#include "store/sqlite/engine/sqlite_version.h"

namespace shakehook {
namespace {

using Families = std::vector<prometheus::MetricFamily>;

std::uint64_t SizeOf(const std::string& path) {
  struct stat status{};
  return ::stat(path.c_str(), &status) == 0 ? static_cast<std::uint64_t>(status.st_size) : 0;
}

std::uint64_t CountOpenFiles() {
  std::error_code error;
  std::uint64_t count = 0;
  for (std::filesystem::directory_iterator it("/proc/self/fd", error), end; !error && it != end; it.increment(error)) {
    ++count;
  }
  return count > 0 ? count - 1 : 0;  // without the one that reads the folder
}

std::uint64_t CountThreads() {
  std::error_code error;
  std::uint64_t count = 0;
  for (std::filesystem::directory_iterator it("/proc/self/task", error), end; !error && it != end;
       it.increment(error)) {
    ++count;
  }
  return count;
}

std::string FolderOf(const std::string& path) {
  const std::string folder = std::filesystem::path(path).parent_path().string();
  return folder.empty() ? "." : folder;
}

double CpuSeconds() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

double FilesMax() {
  rlimit limit{};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  return static_cast<double>(limit.rlim_cur);
}

MetricSample Sample(std::uint64_t value, std::vector<std::pair<std::string, std::string>> labels = {}) {
  return {static_cast<double>(value), std::move(labels)};
}

void AddClients(Families& families, const std::vector<const HttpClient*>& clients) {
  const auto sum = [&](std::atomic<std::uint64_t> ClientCounts::* count) {
    std::uint64_t all = 0;
    for (const HttpClient* const client : clients) all += (client->counts().*count).load(std::memory_order_relaxed);
    return all;
  };
  std::uint64_t idle = 0;
  for (const HttpClient* const client : clients) idle += client->idle_connections();
  families.push_back(GaugeFamily("shakehook_idle_connections",
                                 "Connections to endpoints that are kept for the next request.", {Sample(idle)}));
  families.push_back(CounterFamily("shakehook_connections_total", "Connections to endpoints by what became of them.",
                                   {Sample(sum(&ClientCounts::opened), {{"result", "opened"}}),
                                    Sample(sum(&ClientCounts::not_opened), {{"result", "failed"}}),
                                    Sample(sum(&ClientCounts::reused), {{"result", "reused"}})}));
  families.push_back(
      CounterFamily("shakehook_dns_answers_total",
                    "Names that attempts asked for, the cached ones too, by whether there was an address.",
                    {Sample(sum(&ClientCounts::names_found), {{"result", "found"}}),
                     Sample(sum(&ClientCounts::names_failed), {{"result", "failed"}})}));
  families.push_back(CounterFamily("shakehook_dns_wait_seconds_total", "How long attempts have waited for these.",
                                   {{static_cast<double>(sum(&ClientCounts::names_wait_us)) / 1e6}}));
}

}  // namespace

MachineWatch::MachineWatch(std::string database, std::vector<const HttpClient*> clients, const Clock& clock)
    : database_(std::move(database)),
      folder_(FolderOf(database_)),
      clients_(std::move(clients)),
      started_at_(clock.Now()) {}

MachineWatch::~MachineWatch() {
  {
    const MutexLock lock(mutex_);
    stopping_ = true;
    changed_.NotifyAll();
  }
  if (thread_.joinable()) thread_.join();
}

void MachineWatch::Start() {
  const Reading first = Read();
  {
    const MutexLock lock(mutex_);
    last_ = first;
  }
  TellDisk(first);
  thread_ = std::thread([this] { ThreadMain(); });
}

void MachineWatch::ThreadMain() {
  NameThread("machine");
  for (;;) {
    {
      const MutexLock lock(mutex_);
      if (!stopping_) changed_.WaitFor(mutex_, kInterval);
      if (stopping_) return;
    }
    const Reading reading = Read();
    TellDisk(reading);
    const MutexLock lock(mutex_);
    last_ = reading;
  }
}

MachineWatch::Reading MachineWatch::Read() const {
  Reading reading;
  std::ifstream pages("/proc/self/statm");
  std::uint64_t size = 0, resident = 0;
  if (pages >> size >> resident) {
    const auto page = static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
    reading.address_space = size * page;
    reading.resident = resident * page;
  }
  reading.threads = CountThreads();
  reading.open_files = CountOpenFiles();
  reading.database = SizeOf(database_);
  reading.log = SizeOf(database_ + "-wal");
  reading.search = SizeOf(database_ + ".search") + SizeOf(database_ + ".search-wal");
  struct statvfs status{};
  if (::statvfs(folder_.c_str(), &status) == 0) {
    reading.disk_free = static_cast<std::uint64_t>(status.f_bavail) * status.f_frsize;
    reading.disk_size = static_cast<std::uint64_t>(status.f_blocks) * status.f_frsize;
  }
  return reading;
}

void MachineWatch::TellDisk(const Reading& reading) {
  if (!reading.disk_free) return;
  constexpr std::uint64_t kMiB = 1'024ULL * 1'024;
  const std::string free = std::to_string(*reading.disk_free / kMiB);
  if (!disk_is_low_ && *reading.disk_free < kLittle) {
    disk_is_low_ = true;
    LogWarning("the disk has little room; while it is full, changes are refused with 503",
               {{"folder", folder_}, {"free_mib", free}, {"log_mib", std::to_string(reading.log / kMiB)}});
  } else if (disk_is_low_ && *reading.disk_free > kEnough) {
    disk_is_low_ = false;
    LogInfo("the disk has room again", {{"folder", folder_}, {"free_mib", free}});
  }
}

std::vector<prometheus::MetricFamily> MachineWatch::Collect() const {
  Reading reading;
  {
    const MutexLock lock(mutex_);
    reading = last_;
  }
  Families families = {
      GaugeFamily("shakehook_build_info", "1; the labels say what runs.",
                  {{1, {{"version", Version()}, {"commit", SourceCommit()}, {"sqlite", sqlite::SqliteVersion()}}}}),
      CounterFamily("process_cpu_seconds_total", "Processor time of the process.", {{CpuSeconds()}}),
      GaugeFamily("process_resident_memory_bytes", "Memory of the process.", {Sample(reading.resident)}),
      GaugeFamily("process_virtual_memory_bytes", "Address space of the process.", {Sample(reading.address_space)}),
      GaugeFamily("process_open_fds", "Open files and sockets.", {Sample(reading.open_files)}),
      GaugeFamily("process_max_fds", "How many files and sockets may be open.", {{FilesMax()}}),
      GaugeFamily("process_threads", "Threads of the process.", {Sample(reading.threads)}),
      GaugeFamily("process_start_time_seconds", "When the process started, in Unix time.",
                  {{static_cast<double>(UnixMs(started_at_)) / 1e3}}),
      GaugeFamily("shakehook_file_bytes", "The sizes of the database, its write-ahead log and the index for searches.",
                  {Sample(reading.database, {{"file", "database"}}), Sample(reading.log, {{"file", "log"}}),
                   Sample(reading.search, {{"file", "search"}})}),
  };
  if (reading.disk_free && reading.disk_size) {
    families.push_back(GaugeFamily("shakehook_disk_free_bytes", "Room on the database's disk for this user.",
                                   {Sample(*reading.disk_free)}));
    families.push_back(
        GaugeFamily("shakehook_disk_size_bytes", "The size of that disk.", {Sample(*reading.disk_size)}));
  }
  AddClients(families, clients_);
  return families;
}

}  // namespace shakehook
