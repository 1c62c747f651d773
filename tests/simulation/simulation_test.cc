// Runs the simulation over a range of seeds: --seeds N runs N of them, from --seed S on. The run stops at the first
// seed that fails, and prints the command that repeats it.

#include "simulation.h"

#include <gtest/gtest.h>

#include <charconv>
#include <cinttypes>
#include <cstdio>
#include <string>
#include <string_view>

#include "base/log.h"

namespace shakehook::simulation {
namespace {

constexpr std::uint64_t kSeedsATime = 100;  // between two lines that say how far it is

std::uint64_t first_seed = 1;
std::uint64_t seeds = 40;

TEST(Simulation, KeepsEveryPromiseOverEverySeed) {
  for (std::uint64_t seed = first_seed; seed < first_seed + seeds; ++seed) {
    SCOPED_TRACE("repeat with: ./dev sim --seeds 1 --seed " + std::to_string(seed));
    Simulation(seed).Run();
    ASSERT_FALSE(HasFailure());
    const std::uint64_t done = seed - first_seed + 1;
    if (done % kSeedsATime == 0) std::printf("%" PRIu64 " of %" PRIu64 " seeds\n", done, seeds);
    std::fflush(stdout);
  }
}

// Reads "--seeds", "40" or "--seeds=40", from `argv[i]` on; moves `i` to the last argument that it read.
bool ReadFlag(std::string_view name, char** argv, int argc, int& i, std::uint64_t& value) {
  std::string_view number = argv[i];
  if (!number.starts_with(name)) return false;
  number.remove_prefix(name.size());
  if (number.empty()) {
    if (i + 1 == argc) return false;
    number = argv[++i];
  } else if (number.starts_with('=')) {
    number.remove_prefix(1);
  } else {
    return false;
  }
  const auto result = std::from_chars(number.data(), number.data() + number.size(), value);
  return result.ec == std::errc() && result.ptr == number.data() + number.size();
}

}  // namespace
}  // namespace shakehook::simulation

int main(int argc, char** argv) {
  using namespace shakehook::simulation;
  testing::InitGoogleTest(&argc, argv);
  // Disks that fail and clocks that jump are part of every run, and would fill the log.
  shakehook::SetUpLog(shakehook::LogFormat::kText, shakehook::LogLevel::kOff);
  for (int i = 1; i < argc; ++i) {
    if (ReadFlag("--seeds", argv, argc, i, seeds) || ReadFlag("--seed", argv, argc, i, first_seed)) continue;
    std::fprintf(stderr, "cannot use the argument %s (known: --seeds N, --seed S)\n", argv[i]);
    return 2;
  }
  return RUN_ALL_TESTS();
}
