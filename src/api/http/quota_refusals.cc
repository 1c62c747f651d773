#include "api/http/quota_refusals.h"

#include <algorithm>
#include <chrono>
#include <string>

namespace shakehook {
namespace {

Problem ProblemOf(const Quotas::Excess& excess) {
  if (excess.what == Quotas::What::kRequestsASecond) {
    return {"quota-used-up", "The API key may make at most {max} requests a second.", excess.max};
  }
  return {"quota-used-up", "{who} has used up its quota for an hour: {max} {what}.",
          excess.whose == Quotas::Whose::kKey ? "The API key or user" : "The tenant", excess.max,
          excess.what == Quotas::What::kRows ? "records" : ToString(excess.what)};
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
  return ProblemOf(excess).With("Retry-After", std::to_string(seconds));
}

}  // namespace shakehook
