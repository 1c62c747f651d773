#include "net/dns_resolver.h"

#include <algorithm>
#include <boost/asio/async_result.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <system_error>
#include <utility>

namespace shakehook {
namespace {

constexpr std::size_t kEntriesMax = 4096;
constexpr Milliseconds kKeptMin{1000};
constexpr Milliseconds kKeptMax{60'000};
constexpr Milliseconds kFailureKept{1000};
constexpr const char* kSystemSettings = "/etc/resolv.conf";

std::string Explain(int status, const std::string& host) {
  switch (status) {
    case ARES_ENOTFOUND:
      return "The name " + host + " does not exist.";
    case ARES_ENODATA:
      return "The name " + host + " has no address.";
    case ARES_ETIMEOUT:
      return "The name servers did not answer for " + host + " in time.";
    case ARES_ECONNREFUSED:
      return "The name servers could not be reached.";
    case ARES_ESERVFAIL:
      return "The name servers failed to look up " + host + ".";
    case ARES_EREFUSED:
      return "The name servers refused to look up " + host + ".";
    default:
      return "The lookup of " + host + " failed (" + ares_strerror(status) + ").";
  }
}

std::optional<std::filesystem::file_time_type> SettingsTime() {
  std::error_code error;
  const auto time = std::filesystem::last_write_time(kSystemSettings, error);
  if (error) return std::nullopt;
  return time;
}

}  // namespace

DnsResolver::DnsResolver(Loop& loop, Options options)
    : loop_(loop),
      options_(std::move(options)),
      settings_time_(SettingsTime()),
      channel_(std::make_unique<AresChannel>(loop, options_.servers)) {}

DnsResolver::~DnsResolver() {
  channel_.reset();
  std::exchange(waiters_, {}).clear();
}

Async<DnsAnswer> DnsResolver::Resolve(std::string host, WaitId& wait) {
  if (const auto found = entries_.find(host); found != entries_.end() && found->second.answer) {
    if (loop_.clock().Steady() < found->second.expires_at) co_return *found->second.answer;
    entries_.erase(found);
  }
  wait = ++waits_made_;
  co_return co_await asio::async_initiate<const asio::use_awaitable_t<Executor>, void(DnsAnswer)>(
      [this, &host, wait](auto handler) { Wait(host, wait, Waiter(std::move(handler))); },
      asio::use_awaitable_t<Executor>());
}

void DnsResolver::Wait(const std::string& host, WaitId wait, Waiter waiter) {
  waiters_.emplace(wait, std::move(waiter));
  if (const auto found = entries_.find(host); found != entries_.end()) {
    found->second.waits.push_back(wait);
    return;
  }
  MakeRoom();
  if (entries_.size() >= kEntriesMax) return Resume(wait, std::unexpected("Too many names are being looked up."));
  entries_.emplace(host, Entry{.waits = {wait}});
  StartLookup(host);
}

void DnsResolver::Cancel(WaitId wait) { Resume(wait, std::unexpected("The lookup was given up.")); }

void DnsResolver::StartLookup(const std::string& host) {
  FollowSystemSettings();
  ++lookups_;
  channel_->Lookup(host, [this, host](AresChannel::Result result) { FinishLookup(host, std::move(result)); });
}

void DnsResolver::FinishLookup(const std::string& host, AresChannel::Result result) {
  --lookups_;
  Entry& entry = entries_.at(host);  // an entry without an answer is never dropped
  const SteadyTime now = loop_.clock().Steady();
  if (result) {
    entry.answer = std::move(result->addresses);
    entry.expires_at = now + std::clamp(result->time_to_live, kKeptMin, kKeptMax);
  } else {
    entry.answer = std::unexpected(Explain(result.error(), host));
    entry.expires_at = now + kFailureKept;
  }
  for (const WaitId wait : std::exchange(entry.waits, {})) Resume(wait, *entry.answer);
}

void DnsResolver::Resume(WaitId wait, DnsAnswer answer) {
  auto waiter = waiters_.extract(wait);
  if (!waiter) return;
  // Not from here, which may be inside of c-ares.
  loop_.Post(
      [resume = std::move(waiter.mapped()), answer = std::move(answer)]() mutable { resume(std::move(answer)); });
}

void DnsResolver::MakeRoom() {
  if (entries_.size() < kEntriesMax) return;
  const SteadyTime now = loop_.clock().Steady();
  std::erase_if(entries_, [now](const auto& entry) { return entry.second.answer && entry.second.expires_at <= now; });
  if (entries_.size() < kEntriesMax) return;
  const auto any = std::ranges::find_if(entries_, [](const auto& entry) { return entry.second.answer.has_value(); });
  if (any != entries_.end()) entries_.erase(any);
}

// c-ares reads the system's settings once; a machine that changes networks gets others.
void DnsResolver::FollowSystemSettings() {
  if (!options_.servers.empty() || lookups_ > 0) return;
  const auto time = SettingsTime();
  if (time == settings_time_) return;
  settings_time_ = time;
  channel_ = std::make_unique<AresChannel>(loop_, options_.servers);
}

}  // namespace shakehook
