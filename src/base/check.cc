#include "base/check.h"

#include <cstdlib>
#include <exception>
#include <string>

#include "base/console.h"

namespace shakehook {
namespace {

[[noreturn]] void EndOnTerminate() {
  std::string reason = "an exception that nobody caught";
  if (const std::exception_ptr failure = std::current_exception()) {
    try {
      std::rethrow_exception(failure);
    } catch (const std::exception& error) {
      reason = error.what();
    } catch (...) {
    }
  }
  PrintLastWords("shakehook: internal error: " + reason);
  std::abort();
}

}  // namespace

void CheckFailed(const char* condition, const char* file, int line) {
  PrintLastWords("shakehook: internal error at " + std::string(file) + ":" + std::to_string(line) + ": " + condition);
  std::abort();
}

void EndOnUncaughtExceptions() { std::set_terminate(EndOnTerminate); }

}  // namespace shakehook
