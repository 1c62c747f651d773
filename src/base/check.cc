#include "base/check.h"

#include <cstdio>
#include <cstdlib>

namespace shakehook {

void CheckFailed(const char* condition, const char* file, int line) {
  std::fprintf(stderr, "shakehook: internal error at %s:%d: %s\n", file, line, condition);
  std::abort();
}

}  // namespace shakehook
