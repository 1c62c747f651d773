// Pieces gives a text to a reader as a connection does: all at once, or in short pieces whose sizes a seed decides.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string_view>

#include "base/check.h"

namespace shakehook {

class Pieces {
 public:
  explicit Pieces(std::string_view text) : left_(text) {}
  Pieces(std::string_view text, std::uint32_t seed) : left_(text), state_(seed) {}

  bool empty() const { return left_.empty(); }

  // Precondition: not empty. Returns what the reader says of the next piece.
  template <class Reader>
  auto GiveTo(Reader& reader) {
    const auto space = reader.Space();
    CHECK(!space.empty());
    const std::size_t bytes = std::min({space.size(), left_.size(), Next()});
    std::memcpy(space.data(), left_.data(), bytes);
    left_.remove_prefix(bytes);
    return reader.Commit(bytes);
  }

 private:
  static constexpr std::uint32_t kPieceMax = 6;

  std::size_t Next() {
    if (!state_) return left_.size();
    *state_ = *state_ * 1664525 + 1013904223;  // a linear congruential generator
    return std::max(std::uint32_t{1}, (*state_ >> 24) % (kPieceMax + 1));
  }

  std::string_view left_;
  std::optional<std::uint32_t> state_;  // absent: all at once
};

}  // namespace shakehook
