#include "api/http/quota_refusals.h"

#include <algorithm>
#include <chrono>
#include <string>

namespace shakehook {
namespace {

constexpr std::string_view kKind = "quota-used-up";

std::string DetailOf(const Quotas::Excess& excess) {
  const std::string max = std::to_string(excess.max);
  if (excess.what == Quotas::What::kRequestsASecond) {
    return "The API key may make at most " + max + " requests a second.";
  }
  std::string detail = excess.whose == Quotas::Whose::kKey ? "The API key or user" : "The tenant";
  detail += " has used up its quota for an hour: " + max + " ";
  detail += excess.what == Quotas::What::kRows ? "records" : ToString(excess.what);
  return detail + ".";
}

}  // namespace

QuotaRefusals::QuotaRefusals(prometheus::Registry& registry) {
  auto& refusals = prometheus::BuildCounter()
                       .Name("shakehook_quota_refusals_total")
                       .Help("Requests that were refused because a quota of a key or tenant was used up.")
                       .Register(registry);
  for (const auto whose : {Quotas::Whose::kKey, Quotas::Whose::kTenant}) {
    for (const auto what :
         {Quotas::What::kRequestsASecond, Quotas::What::kRequests, Quotas::What::kBytes, Quotas::What::kRows}) {
      if (whose == Quotas::Whose::kTenant && what == Quotas::What::kRequestsASecond) continue;
      counters_[{whose, what}] =
          &refusals.Add({{"whose", std::string(ToString(whose))}, {"what", std::string(ToString(what))}});
    }
  }
}

Problem QuotaRefusals::Refuse(const Quotas::Excess& excess) {
  counters_.at({excess.whose, excess.what})->Increment();
  const auto seconds = std::max<std::int64_t>(1, std::chrono::ceil<std::chrono::seconds>(excess.wait).count());
  return {
      .status = 429, .detail = DetailOf(excess), .headers = {{"Retry-After", std::to_string(seconds)}}, .kind = kKind};
}

}  // namespace shakehook
