// QuotaRefusals answers and counts the requests that a quota refuses.
//
// Threads: from any thread.
#pragma once

#include <prometheus/counter.h>
#include <prometheus/registry.h>

#include <map>
#include <utility>

#include "api/http/problem.h"
#include "api/http/quotas.h"

namespace shakehook {

class QuotaRefusals {
 public:
  explicit QuotaRefusals(prometheus::Registry& registry);

  // 429, with the time after which the next request may be taken.
  Problem Refuse(const Quotas::Excess& excess);

 private:
  std::map<std::pair<Quotas::Whose, Quotas::What>, prometheus::Counter*> counters_;
};

}  // namespace shakehook
