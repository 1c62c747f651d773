#include "store/delivery_ids.h"

#include <sodium.h>

#include <bit>

namespace shakehook {
namespace {

// 44 bits of position and 30 of the webhook's number, as two halves of 37.
constexpr int kWebhookBits = 30;
constexpr int kPositionBits = 44;
constexpr int kTimeBits = 48;  // in a UUID of version 7
constexpr int kHalfBits = 37;
constexpr std::uint64_t kHalfMask = (std::uint64_t{1} << kHalfBits) - 1;
constexpr int kLowPositionBits = kHalfBits - kWebhookBits;
constexpr std::uint64_t kRounds = 4;

// The same 74 bits as a UUID of version 7 has them beside its time: 12 and 62.
constexpr int kTailBits = 62;
constexpr std::uint64_t kTailMask = (std::uint64_t{1} << kTailBits) - 1;
constexpr int kHeadShift = kTailBits - kHalfBits;

bool Fits(std::int64_t number, int bits) { return number >= 0 && number < (std::int64_t{1} << bits); }

}  // namespace

struct DeliveryIds::Halves {
  std::uint64_t left, right;

  static Halves Of(DeliveryKey key) {
    const auto position = static_cast<std::uint64_t>(key.position.value);
    return {position >> kLowPositionBits,
            (position << kWebhookBits | static_cast<std::uint64_t>(key.webhook.value)) & kHalfMask};
  }
  DeliveryKey ToKey() const {
    constexpr std::uint64_t kWebhookMask = (std::uint64_t{1} << kWebhookBits) - 1;
    return {{static_cast<std::int64_t>(left << kLowPositionBits | right >> kWebhookBits)},
            {static_cast<std::int64_t>(right & kWebhookMask)}};
  }

  static Halves Of(const Uuid::V7& parts) {
    return {parts.head << kHeadShift | parts.tail >> kHalfBits, parts.tail & kHalfMask};
  }
  Uuid ToUuid(Timestamp time) const {
    return Uuid::FromV7({.time = time, .head = left >> kHeadShift, .tail = (left << kHalfBits & kTailMask) | right});
  }
};

std::uint64_t DeliveryIds::Round(std::uint64_t round, std::uint64_t half, Timestamp created_at) const {
  static_assert(sizeof key_ == crypto_shorthash_KEYBYTES);
  // A database goes from machine to machine, and its ids with it.
  static_assert(std::endian::native == std::endian::little);
  const std::array<std::uint64_t, 2> input = {round << kHalfBits | half,
                                              static_cast<std::uint64_t>(UnixMs(created_at))};
  std::uint64_t output = 0;
  static_assert(sizeof output == crypto_shorthash_BYTES);
  crypto_shorthash(reinterpret_cast<std::uint8_t*>(&output), reinterpret_cast<const std::uint8_t*>(input.data()),
                   sizeof input, key_.data());
  return output & kHalfMask;
}

bool DeliveryIds::CanCompute(DeliveryKey key, Timestamp created_at) {
  return Fits(key.position.value, kPositionBits) && Fits(key.webhook.value, kWebhookBits) &&
         Fits(UnixMs(created_at), kTimeBits);
}

std::optional<DeliveryId> DeliveryIds::Compute(DeliveryKey key, Timestamp created_at) const {
  if (!CanCompute(key, created_at)) return std::nullopt;
  Halves halves = Halves::Of(key);
  for (std::uint64_t round = 0; round < kRounds; ++round) {
    halves = {halves.right, halves.left ^ Round(round, halves.right, created_at)};
  }
  return DeliveryId{halves.ToUuid(created_at)};
}

std::optional<DeliveryKey> DeliveryIds::KeyOf(DeliveryId id) const {
  const auto parts = id.uuid.ToV7();
  if (!parts) return std::nullopt;
  Halves halves = Halves::Of(*parts);
  for (std::uint64_t round = kRounds; round-- > 0;) {
    halves = {halves.right ^ Round(round, halves.left, parts->time), halves.left};
  }
  return halves.ToKey();
}

}  // namespace shakehook
