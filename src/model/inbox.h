// An inbox is a receiver that the server makes itself, so that somebody without an endpoint of their own can see
// deliveries succeed, fail and be retried. Its URL is known by a token that cannot be guessed.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/time.h"
#include "model/ids.h"
#include "model/scope.h"

namespace shakehook {

// How it answers. The numbers are stored.
enum class InboxBehaviour : std::uint8_t {
  kOk = 0,      // 204
  kError = 1,   // 500
  kSlow = 2,    // 204, late but in time
  kSilent = 3,  // no response in time
};
inline constexpr std::array<std::string_view, 4> kInboxBehaviourNames = {"ok", "error", "slow", "silent"};

inline std::string_view ToString(InboxBehaviour behaviour) {
  return kInboxBehaviourNames[static_cast<std::size_t>(behaviour)];
}
inline std::optional<InboxBehaviour> ParseInboxBehaviour(std::string_view text) {
  for (std::size_t i = 0; i < kInboxBehaviourNames.size(); ++i) {
    if (kInboxBehaviourNames[i] == text) return static_cast<InboxBehaviour>(i);
  }
  return std::nullopt;
}

struct Inbox {
  InboxId id;
  std::string name;  // may be empty
  Scope scope;
  std::string token;
  InboxBehaviour behaviour = InboxBehaviour::kOk;
  Timestamp created_at;
  std::int64_t version = 1;

  bool operator==(const Inbox&) const = default;
};

}  // namespace shakehook
