// Random is the seam through which chance enters.
//
// Threads: an object belongs to one thread; make one for each.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace shakehook {

class Random {
 public:
  virtual ~Random() = default;

  virtual void Fill(std::span<std::uint8_t> bytes) = 0;

  std::uint64_t Next64();
  // Evenly spread over [0, bound). Precondition: bound > 0.
  std::uint64_t Below(std::uint64_t bound);
  // Evenly spread over [0, 1).
  double Unit();
};

// Bytes fit for keys and secrets, drawn from OpenSSL in blocks because a draw of 16 bytes costs over a microsecond.
class SecureRandom final : public Random {
 public:
  void Fill(std::span<std::uint8_t> bytes) override;

 private:
  std::array<std::uint8_t, 4096> block_;
  std::size_t unused_ = 0;  // bytes at the end of block_ that were not handed out yet
};

// The same bytes for the same seed (SplitMix64). For tests and simulation; never for secrets.
class SeededRandom final : public Random {
 public:
  explicit SeededRandom(std::uint64_t seed) : state_(seed) {}
  void Fill(std::span<std::uint8_t> bytes) override;

 private:
  std::uint64_t state_;
};

}  // namespace shakehook
