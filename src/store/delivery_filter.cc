#include "store/delivery_filter.h"

namespace shakehook {
namespace {

constexpr int kSuccessFirst = 200;
constexpr int kSuccessLast = 299;

}  // namespace

DeliveryStatuses AskedStatuses(const DeliveryQuery& query) {
  DeliveryStatuses asked;
  for (const DeliveryStatus status :
       {DeliveryStatus::kPending, DeliveryStatus::kDelivered, DeliveryStatus::kFailed, DeliveryStatus::kCanceled}) {
    if (query.statuses.empty() || query.statuses.Has(status)) asked.Add(status);
  }
  if (!query.response) return asked;
  const bool success = query.response->first >= kSuccessFirst && query.response->last <= kSuccessLast;
  const auto delivered = DeliveryStatuses::Of({DeliveryStatus::kDelivered});
  asked.bits &= static_cast<std::uint8_t>(success ? delivered.bits : ~delivered.bits);
  return asked;
}

}  // namespace shakehook
