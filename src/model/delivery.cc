#include "model/delivery.h"

#include <algorithm>
#include <array>

namespace shakehook {
namespace {

constexpr std::array<std::string_view, 4> kStatusNames = {"pending", "delivered", "failed", "canceled"};
constexpr std::array<std::string_view, 3> kTriggerNames = {"automatic", "manual", "manual"};
constexpr std::array<std::string_view, 11> kFailureNames = {"",
                                                            "status",
                                                            "timeout",
                                                            "dns",
                                                            "forbidden_address",
                                                            "connection_refused",
                                                            "unreachable",
                                                            "connection_closed",
                                                            "tls",
                                                            "invalid_response",
                                                            "internal"};

}  // namespace

std::string_view ToString(DeliveryStatus status) { return kStatusNames[static_cast<std::size_t>(status)]; }

std::optional<DeliveryStatus> ParseDeliveryStatus(std::string_view text) {
  const auto found = std::ranges::find(kStatusNames, text);
  if (found == kStatusNames.end()) return std::nullopt;
  return static_cast<DeliveryStatus>(found - kStatusNames.begin());
}

std::string_view ToString(AttemptTrigger trigger) { return kTriggerNames[static_cast<std::size_t>(trigger)]; }
std::string_view ToString(FailureClass failure) { return kFailureNames[static_cast<std::size_t>(failure)]; }

}  // namespace shakehook
