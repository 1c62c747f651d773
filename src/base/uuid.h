// Uuid is an RFC 9562 UUID. Every id that the server makes is a version 7: its first bits are the time it was made, so
// that new keys land at the end of an index (random keys cost the most of all steps of storing a delivery).
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <cstring>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/random.h"
#include "base/time.h"

namespace shakehook {

struct Uuid {
  std::array<std::uint8_t, 16> bytes{};

  auto operator<=>(const Uuid&) const = default;

  static Uuid MakeV7(Timestamp now, Random& random);

  // The parts of a version 7 UUID: its time, then 12 and 62 bits.
  struct V7 {
    Timestamp time;
    std::uint64_t head = 0, tail = 0;
  };
  static Uuid FromV7(const V7& parts);
  // Returns nullopt for a UUID of another version or variant.
  std::optional<V7> ToV7() const;

  // Reads the 36 character form, lowercase or not; returns nullopt for any other text.
  static std::optional<Uuid> Parse(std::string_view text);
  std::string ToString() const;
};

}  // namespace shakehook

template <>
struct std::hash<shakehook::Uuid> {
  std::size_t operator()(const shakehook::Uuid& uuid) const {
    std::uint64_t tail;  // the random part of a version 7
    std::memcpy(&tail, uuid.bytes.data() + 8, sizeof tail);
    return tail;
  }
};
