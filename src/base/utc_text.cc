#include "base/utc_text.h"

#include <time.h>

#include <array>

namespace shakehook {

std::string UtcText(Timestamp at) {
  const time_t seconds = UnixMs(at) / 1000;
  tm parts{};
  gmtime_r(&seconds, &parts);
  std::array<char, 32> text{};
  return std::string(text.data(), strftime(text.data(), text.size(), "%Y-%m-%d %H:%M", &parts));
}

}  // namespace shakehook
