#include "base/environment_variable.h"

#include <cstdlib>

namespace shakehook {

std::optional<std::string> EnvironmentVariable(const char* name) {
  const char* const text = std::getenv(name);
  if (!text || !*text) return std::nullopt;
  return text;
}

}  // namespace shakehook
