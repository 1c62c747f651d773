#include "store/sqlite/tables/position_list.h"

#include <algorithm>
#include <cstdint>

#include "base/check.h"

namespace shakehook::sqlite {
namespace {

constexpr int kBits = 7;
constexpr std::uint64_t kMore = 1U << kBits;

}  // namespace

std::string EncodePositions(std::span<const Position> positions) {
  std::string bytes;
  bytes.reserve(2 * positions.size() + sizeof(std::int64_t));
  std::int64_t before = 0;
  for (const Position position : positions) {
    CHECK(position.value > before);
    auto distance = static_cast<std::uint64_t>(position.value - before);
    before = position.value;
    for (; distance >= kMore; distance >>= kBits) bytes.push_back(static_cast<char>(distance | kMore));
    bytes.push_back(static_cast<char>(distance));
  }
  return bytes;
}

std::vector<Position> DecodePositions(std::string_view bytes) {
  std::vector<Position> positions;
  positions.reserve(bytes.size());
  std::uint64_t position = 0;
  for (std::size_t i = 0; i < bytes.size();) {
    std::uint64_t distance = 0;
    for (int shift = 0;; shift += kBits) {
      CHECK(i < bytes.size() && shift < 64);
      const auto byte = static_cast<std::uint8_t>(bytes[i++]);
      distance |= (byte & (kMore - 1)) << shift;
      if (byte < kMore) break;
    }
    position += distance;
    positions.push_back({static_cast<std::int64_t>(position)});
  }
  return positions;
}

bool HasPosition(std::span<const Position> positions, Position position) {
  return std::ranges::binary_search(positions, position);
}

bool RemovePosition(std::vector<Position>& positions, Position position) {
  // Results come in about the order in which the deliveries were made.
  const auto found = !positions.empty() && positions.front() == position
                         ? positions.begin()
                         : std::ranges::lower_bound(positions, position);
  if (found == positions.end() || *found != position) return false;
  positions.erase(found);
  return true;
}

}  // namespace shakehook::sqlite
