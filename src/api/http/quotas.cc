#include "api/http/quotas.h"

#include <algorithm>
#include <string>
#include <utility>

#include "api/http/tenant.h"

namespace shakehook {
namespace {

constexpr Microseconds kSecond{1'000'000};
constexpr Microseconds kHour = std::chrono::hours(1);
// A venue may move to another group.
constexpr Microseconds kTenantKnown{1'000'000};

std::int64_t CostIn(Quotas::What what, std::int64_t bytes, std::int64_t rows) {
  if (what == Quotas::What::kBytes) return bytes;
  return what == Quotas::What::kRows ? rows : 0;
}

bool CountsRequests(Quotas::What what) {
  return what == Quotas::What::kRequestsASecond || what == Quotas::What::kRequests;
}

}  // namespace

class Quotas::Account {
 public:
  Account(Meters meters) : of_key(std::move(meters)) {}

  Meters of_key;
  std::shared_ptr<Meters> of_tenant;
  SteadyTime tenant_known_until = SteadyTime::min();
};

std::optional<Quotas::Excess> Quotas::Take(const Principal& principal, const ConfigCache& config_cache, SteadyTime now,
                                           std::shared_ptr<Account>& account) {
  const MutexLock lock(mutex_);
  account = Find(principal, config_cache, now);
  const auto all = {std::pair(Whose::kKey, &account->of_key), std::pair(Whose::kTenant, account->of_tenant.get())};
  for (const auto& [whose, meters] : all) {
    for (auto& [what, max, meter] : *meters) {
      if (const auto wait = meter.WaitFor(1, now)) return Excess{whose, what, max, *wait};
    }
  }
  for (const auto& [whose, meters] : all) {
    for (auto& [what, max, meter] : *meters) {
      if (CountsRequests(what)) meter.Use(1, now);
    }
  }
  return std::nullopt;
}

void Quotas::Charge(Account& account, std::int64_t bytes, std::int64_t rows, SteadyTime now) {
  const MutexLock lock(mutex_);
  for (Meters* const meters : {&account.of_key, account.of_tenant.get()}) {
    for (auto& [what, max, meter] : *meters) {
      if (const std::int64_t cost = CostIn(what, bytes, rows); cost > 0) meter.Use(cost, now);
    }
  }
}

Quotas::Meters Quotas::MetersOf(const QuotaLimits& limits) const {
  Meters meters;
  const auto add = [&](What what, const std::optional<std::int64_t>& max) {
    if (max) meters.push_back({what, *max, QuotaMeter(*max, kHour)});
  };
  add(What::kRequests, limits.requests);
  add(What::kBytes, limits.bytes);
  add(What::kRows, limits.rows);
  return meters;
}

std::shared_ptr<Quotas::Account> Quotas::Find(const Principal& principal, const ConfigCache& config_cache,
                                              SteadyTime now) {
  if (accounts_.size() >= prune_at_) Prune(now);
  std::shared_ptr<Account>& account = accounts_[principal.id];
  if (!account) {
    account = std::make_shared<Account>(MetersOf(options_.key));
    if (const auto& max = options_.requests_a_second) {
      account->of_key.insert(account->of_key.begin(), {What::kRequestsASecond, *max, QuotaMeter(*max, kSecond)});
    }
  }
  if (now >= account->tenant_known_until) {
    std::shared_ptr<Meters>& tenant = tenants_[TenantOf(principal.scope, config_cache)];
    if (!tenant) tenant = std::make_shared<Meters>(MetersOf(options_.tenant));
    account->of_tenant = tenant;
    account->tenant_known_until = now + kTenantKnown;
  }
  return account;
}

void Quotas::Prune(SteadyTime now) {
  const auto unused = [now](Meters& meters) {
    return std::ranges::all_of(meters, [now](Meter& each) { return each.meter.unused(now); });
  };
  std::erase_if(accounts_, [&](const auto& entry) { return unused(entry.second->of_key); });
  std::erase_if(tenants_, [&](const auto& entry) { return entry.second.use_count() == 1 && unused(*entry.second); });
  prune_at_ = std::max<std::size_t>(1024, accounts_.size() * 2);
}

std::string_view ToString(Quotas::Whose whose) { return whose == Quotas::Whose::kKey ? "key" : "tenant"; }

std::string_view ToString(Quotas::What what) {
  static constexpr std::array<std::string_view, 4> kNames = {"requests_a_second", "requests", "bytes", "rows"};
  return kNames[static_cast<std::size_t>(what)];
}

}  // namespace shakehook
