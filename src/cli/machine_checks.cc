#include "cli/machine_checks.h"

#include <sys/resource.h>
#include <sys/sysinfo.h>
#include <sys/timex.h>

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <fstream>
#include <optional>
#include <string>
#include <thread>

#include "cli/version.h"
#include "store/sqlite/engine/sqlite_version.h"

namespace shakehook {
namespace {

using Grade = Finding::Grade;

constexpr rlim_t kFilesFew = 4'096;
constexpr std::uint64_t kMiB = 1024ULL * 1024;
constexpr std::uint64_t kMemoryLittle = 512 * kMiB;
// No server runs before this program was written.
constexpr Timestamp kEarliestTime{Milliseconds(1'767'225'600'000)};  // 2026-01-01

Finding CheckProgram() {
  if (sqlite::LinkedHasWalResetBug()) {
    return {Grade::kWarning, "program", VersionLine() + ", with a SQLite that has the WAL-reset bug",
            "The server never triggers it. Let no other program write to the database, or build with a SQLite of "
            "3.51.3 or newer."};
  }
  return {Grade::kGood, "program", VersionLine() + ", SQLite " + sqlite::SqliteVersion()};
}

Finding CheckFiles() {
  rlimit limit{};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  const std::string files = std::to_string(limit.rlim_max);
  if (limit.rlim_max < kFilesFew) {
    return {
        Grade::kWarning, "open files", "at most " + files + ": half of them are for clients, half for receivers",
        "Raise the hard limit to 65536 or more (LimitNOFILE= of the systemd unit, --ulimit nofile= of a container)."};
  }
  return {Grade::kGood, "open files", "at most " + files};
}

std::optional<std::uint64_t> ReadNumber(const char* path) {
  std::ifstream file(path);
  std::string text;
  if (!(file >> text)) return std::nullopt;
  std::uint64_t number = 0;
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), number);
  if (parsed.ec != std::errc()) return std::nullopt;  // "max"
  return number;
}

Finding CheckMemory() {
  struct sysinfo info{};
  ::sysinfo(&info);
  std::uint64_t bytes = static_cast<std::uint64_t>(info.totalram) * info.mem_unit;
  for (const char* const path : {"/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"}) {
    if (const auto limit = ReadNumber(path)) bytes = std::min(bytes, *limit);
  }
  const std::string text = std::to_string(bytes / kMiB) + " MiB of memory, " +
                           std::to_string(std::max(1u, std::thread::hardware_concurrency())) + " processors";
  if (bytes < kMemoryLittle) {
    return {Grade::kWarning, "memory", text, "Give the server 512 MiB: large imports and lists take up to 400 MB."};
  }
  return {Grade::kGood, "memory", text};
}

Finding CheckClock(Clock& clock) {
  if (clock.Now() < kEarliestTime) {
    return {Grade::kBad, "clock", "it shows a time before 2026",
            "Set the clock: the times of events and retries, and the purge, depend on it."};
  }
  timex state{};
  const int status = ::adjtimex(&state);
  if (status == TIME_ERROR || (state.status & STA_UNSYNC) != 0) {
    return {
        Grade::kWarning, "clock", "the system reports that it is not synchronized",
        "Run an NTP client (systemd-timesyncd, chrony). Receivers reject deliveries whose time is far from their own."};
  }
  return {Grade::kGood, "clock", "synchronized"};
}

}  // namespace

Findings CheckMachine(Clock& clock) { return {CheckProgram(), CheckFiles(), CheckMemory(), CheckClock(clock)}; }

}  // namespace shakehook
