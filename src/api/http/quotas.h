// Quotas bound what one API key or user, and what one tenant, asks of the API in an hour: requests, bytes (bodies that
// came and responses that went), and rows read (records, events, deliveries and the like that a response shows, or that
// a batch looks up). `--api-rate-limit` bounds the requests a second of a key beside that.
//
// Where there is too little for all, queues share it fairly; quotas bound what somebody takes when nobody else needs
// it, hour after hour (docs/decisions/0008-quotas-by-the-hour.md). What a request costs is known when it is answered,
// so that a quota may be exceeded by one request for each that was under way.
//
// Threads: from any thread.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "api/http/quota_meter.h"
#include "base/mutex.h"
#include "model/principal.h"
#include "store/config_cache.h"

namespace shakehook {

struct QuotaLimits {
  // In an hour; absent: no limit.
  std::optional<std::int64_t> requests, bytes, rows;

  bool operator==(const QuotaLimits&) const = default;
};

// Far above what anybody honest asks for: 28,000 requests, 55 MB and 70,000 rows a second, for an hour.
inline constexpr QuotaLimits kKeyQuota = {100'000'000, 200'000'000'000, 250'000'000};
inline constexpr QuotaLimits kTenantQuota = {200'000'000, 400'000'000'000, 500'000'000};

class Quotas {
 public:
  enum class Whose : std::uint8_t { kKey, kTenant };
  enum class What : std::uint8_t { kRequestsASecond, kRequests, kBytes, kRows };
  struct Options {
    std::optional<int> requests_a_second;  // for a key
    QuotaLimits key = kKeyQuota;
    QuotaLimits tenant = kTenantQuota;
  };
  // The quota that is used up, and how long until some of it may be used again.
  struct Excess {
    Whose whose = Whose::kKey;
    What what = What::kRequests;
    std::int64_t max = 0;
    Microseconds wait{};

    bool operator==(const Excess&) const = default;
  };
  // The meters of one key and its tenant.
  class Account;

  explicit Quotas(Options options) : options_(options) {}

  // Counts a request. Returns nullopt if it may go on; then `account` is set, to be charged for it.
  std::optional<Excess> Take(const Principal& principal, const ConfigCache& config_cache, SteadyTime now,
                             std::shared_ptr<Account>& account);
  void Charge(Account& account, std::int64_t bytes, std::int64_t rows, SteadyTime now);

 private:
  struct Meter {
    What what;
    std::int64_t max;
    QuotaMeter meter;
  };
  using Meters = std::vector<Meter>;

  Meters MetersOf(const QuotaLimits& limits) const;
  std::shared_ptr<Account> Find(const Principal& principal, const ConfigCache& config_cache, SteadyTime now)
      REQUIRES(mutex_);
  // Drops what says nothing any more.
  void Prune(SteadyTime now) REQUIRES(mutex_);

  const Options options_;
  Mutex mutex_;
  std::map<Uuid, std::shared_ptr<Account>> accounts_ GUARDED_BY(mutex_);
  std::unordered_map<std::string, std::shared_ptr<Meters>> tenants_ GUARDED_BY(mutex_);
  std::size_t prune_at_ GUARDED_BY(mutex_) = 1024;
};

// "key", "tenant"; "requests_a_second", "requests", "bytes", "rows".
std::string_view ToString(Quotas::Whose whose);
std::string_view ToString(Quotas::What what);

}  // namespace shakehook
