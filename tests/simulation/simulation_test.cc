// Runs the simulation over a range of seeds: --seed=S repeats one, --seeds=N runs N from --seed on.

#include "simulation.h"

#include <gtest/gtest.h>

#include <charconv>
#include <cstdio>
#include <string_view>

namespace shakehook::simulation {
namespace {

std::uint64_t first_seed = 1;
std::uint64_t seeds = 40;

TEST(Simulation, KeepsEveryPromiseOverEverySeed) {
  for (std::uint64_t seed = first_seed; seed < first_seed + seeds; ++seed) {
    SCOPED_TRACE("repeat with: ./dev sim --seed=" + std::to_string(seed) + " --seeds=1");
    Simulation(seed).Run();
    ASSERT_FALSE(HasFailure());
  }
}

bool ReadFlag(std::string_view argument, std::string_view name, std::uint64_t& value) {
  if (!argument.starts_with(name)) return false;
  argument.remove_prefix(name.size());
  const auto result = std::from_chars(argument.data(), argument.data() + argument.size(), value);
  return result.ec == std::errc() && result.ptr == argument.data() + argument.size();
}

}  // namespace
}  // namespace shakehook::simulation

int main(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv);
  for (int i = 1; i < argc; ++i) {
    using namespace shakehook::simulation;
    if (ReadFlag(argv[i], "--seed=", first_seed) || ReadFlag(argv[i], "--seeds=", seeds)) continue;
    std::fprintf(stderr, "unknown argument %s (known: --seed=S --seeds=N)\n", argv[i]);
    return 2;
  }
  return RUN_ALL_TESTS();
}
