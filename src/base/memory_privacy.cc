#include "base/memory_privacy.h"

#include <sodium.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#include <algorithm>

namespace shakehook {
namespace {

void LimitCoreDumps(rlim_t bytes_max) {
  rlimit limit{};
  if (::getrlimit(RLIMIT_CORE, &limit) != 0) return;
  limit.rlim_cur = std::min(bytes_max, limit.rlim_max);
  ::setrlimit(RLIMIT_CORE, &limit);
}

}  // namespace

void ForbidCoreDumps() {
  LimitCoreDumps(0);
  ::prctl(PR_SET_DUMPABLE, 0);
}

void AllowCoreDumps() {
  LimitCoreDumps(RLIM_INFINITY);
  ::prctl(PR_SET_DUMPABLE, 1);
}

void Wipe(std::string& text) {
  sodium_memzero(text.data(), text.size());
  text.clear();
}

void Wipe(std::array<std::uint8_t, 32>& key) { sodium_memzero(key.data(), key.size()); }

}  // namespace shakehook
