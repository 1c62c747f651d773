#include "net/dns_resolver.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <boost/asio/async_result.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cerrno>
#include <cstring>
#include <utility>

#include "net/hosts_file.h"

namespace shakehook {
namespace {

constexpr std::size_t kEntriesMax = 16'384;
constexpr Milliseconds kKeptMin{1000};
constexpr Milliseconds kKeptMax{60'000};
constexpr Milliseconds kFailureKept{1000};
constexpr Milliseconds kNewFor{250};
constexpr const char* kSystemSettings = "/etc/resolv.conf";
constexpr std::size_t kSettingsBytesMax = 64 * 1024;

using Blame = NameServers::Blame;

DnsFailure Explain(const NameServers::Answer& answer, const std::string& host) {
  const auto because = [&](std::string message) {
    DnsFailure failure{.message = std::move(message)};
    if (answer.blame == Blame::kServers) failure.own_fault = OwnFault::kNameServers;
    return failure;
  };
  switch (answer.status) {
    case ARES_ENOTFOUND:
      return because("The name " + host + " does not exist.");
    case ARES_ENODATA:
      return because("The name " + host + " has no address.");
    case ARES_ETIMEOUT:
      return because(answer.blame == Blame::kServers ? "The sending server's name servers do not answer."
                                                     : "The name servers did not answer for " + host + " in time.");
    case ARES_ECONNREFUSED:
      return because("The name servers could not be reached.");
    case ARES_ESERVFAIL:
      return because(answer.blame == Blame::kServers ? "The sending server's name servers do not work."
                                                     : "The name servers failed to look up " + host + ".");
    case ARES_EREFUSED:
      return because("The name servers refused to look up " + host + ".");
    default:
      return because("The lookup of " + host + " failed (" + ares_strerror(answer.status) + ").");
  }
}

// Identifies one state of the file.
std::string MarkOfSettings() {
  struct stat status{};
  if (::stat(kSystemSettings, &status) != 0) return errno == ENOENT ? "none" : "";
  std::string mark;
  for (const long long part : {static_cast<long long>(status.st_ino), static_cast<long long>(status.st_dev),
                               static_cast<long long>(status.st_size), static_cast<long long>(status.st_mtim.tv_sec),
                               static_cast<long long>(status.st_mtim.tv_nsec)}) {
    mark += std::to_string(part) + ' ';
  }
  return mark;
}

// Returns nullopt if the settings cannot be read now.
std::optional<std::string> ReadSettings() {
  const int file = ::open(kSystemSettings, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (file < 0) return errno == ENOENT ? std::optional<std::string>("") : std::nullopt;
  std::string text(kSettingsBytesMax, '\0');
  std::size_t size = 0;
  ssize_t got = 0;
  while (size < text.size() && (got = ::read(file, text.data() + size, text.size() - size)) > 0) {
    size += static_cast<std::size_t>(got);
  }
  ::close(file);
  if (got < 0) return std::nullopt;
  text.resize(size);
  return text;
}

}  // namespace

DnsResolver::DnsResolver(Loop& loop, Options options) : loop_(loop), options_(std::move(options)) {
  if (options_.servers.empty()) {
    settings_mark_ = MarkOfSettings();
    settings_ = ParseResolverSettings(ReadSettings().value_or(""));
  } else {
    settings_ = {.servers = ParseNameServers(options_.servers), .search = options_.domains};
  }
  servers_ = std::make_unique<NameServers>(loop, settings_);
}

DnsResolver::~DnsResolver() {
  servers_.reset();
  former_.clear();
  if (young_timer_) loop_.Cancel(*young_timer_);
  for (auto& [host, entry] : entries_) {
    if (entry.grace) loop_.Cancel(*entry.grace);
  }
  std::exchange(waiters_, {}).clear();
}

Async<DnsAnswer> DnsResolver::Resolve(std::string host, std::uint64_t tenant, WaitId& wait) {
  if (const auto found = entries_.find(host); found != entries_.end()) {
    Entry& entry = found->second;
    const SteadyTime now = loop_.clock().Steady();
    const auto current = [now](const Family& family) { return family.pending || now < family.expires_at; };
    if (std::ranges::all_of(entry.families, current)) {
      if (auto answer = AnswerOf(entry, Until::kSome)) co_return *std::move(answer);
    }
  }
  wait = ++waits_made_;
  co_return co_await asio::async_initiate<const asio::use_awaitable_t<Executor>, void(DnsAnswer)>(
      [this, &host, tenant, wait](auto handler) {
        waiters_.emplace(wait, Waiter(std::move(handler)));
        Wait(host, tenant, wait, Until::kSome);
      },
      asio::use_awaitable_t<Executor>());
}

DnsResolver::WaitId DnsResolver::AwaitRest(const std::string& host, Waiter waiter) {
  const WaitId wait = ++waits_made_;
  waiters_.emplace(wait, std::move(waiter));
  const auto found = entries_.find(host);
  if (found == entries_.end()) {
    Resume(wait, std::unexpected(DnsFailure{.message = "The lookup was given up."}));
  } else if (auto answer = AnswerOf(found->second, Until::kAll)) {
    Resume(wait, *std::move(answer));
  } else {
    found->second.waits.emplace(wait, Until::kAll);
  }
  return wait;
}

void DnsResolver::Wait(const std::string& host, std::uint64_t tenant, WaitId wait, Until until) {
  MakeRoom();
  Entry& entry = entries_[host];
  const SteadyTime now = loop_.clock().Steady();
  if (!entry.pending()) {
    if (!turns_.Add(tenant, host)) {
      return Resume(wait, std::unexpected(DnsFailure{OwnFault::kLookups, "Too many names are being looked up."}));
    }
    entry.tenant = tenant;
    entry.grace_over = false;
    entry.some_at = now;
    ++entry.round;
    for (Family& family : entry.families) {
      if (now < family.expires_at) continue;
      family.pending = true;
      family.addresses.clear();
      family.failure.reset();
    }
  }
  entry.waits.emplace(wait, until);
  BeginLookups();
  Settle(host);
}

void DnsResolver::Cancel(WaitId wait) {
  Resume(wait, std::unexpected(DnsFailure{.message = "The lookup was given up."}));
}

std::optional<OwnFault> DnsResolver::FaultSince(SteadyTime began) const {
  const bool had_time = loop_.clock().Steady() - began >= NameServers::kNextServer;
  if (!had_time || servers_->AnsweredSince(began)) return std::nullopt;
  return OwnFault::kNameServers;
}

// --- Looking up ---

void DnsResolver::BeginLookups() {
  while (auto next = turns_.Begin()) {
    FollowSystemSettings();
    const std::string& host = next->name;
    Entry& entry = entries_.at(host);  // an entry is never dropped during its lookup
    entry.young = true;
    const SteadyTime until = loop_.clock().Steady() + kNewFor;
    young_.emplace_back(until, host);
    if (!young_timer_) young_timer_ = loop_.CallAt(until, [this] { Age(); });

    auto in_file = FindInHostsFile(host);
    if (!in_file || !in_file->empty()) {
      for (Family& family : entry.families) {
        family.pending = false;
        family.expires_at = loop_.clock().Steady() + kKeptMin;
        if (!in_file) {
          family.failure = DnsFailure{OwnFault::kDescriptors, "The sending server has no file descriptor free."};
        } else {
          family.failure = DnsFailure{.message = "The name " + host + " has no address."};
        }
      }
      if (in_file) {
        for (const asio::ip::address& address : *in_file) {
          Family& family = entry.families[address.is_v4() ? 0 : 1];
          family.failure.reset();
          family.addresses.push_back(address);
        }
      }
      EndLookup(host);
      continue;
    }
    const std::array<bool, 2> asked = {entry.families[0].pending, entry.families[1].pending};
    for (std::size_t family = 0; family < asked.size(); ++family) {
      if (asked[family]) Ask({host, family, 0, entry.round});
    }
  }
}

void DnsResolver::Age() {
  young_timer_.reset();
  const SteadyTime now = loop_.clock().Steady();
  while (!young_.empty() && young_.front().first <= now) {
    const auto found = entries_.find(young_.front().second);
    young_.pop_front();
    if (found == entries_.end() || !std::exchange(found->second.young, false)) continue;
    turns_.Slow(found->second.tenant);
  }
  BeginLookups();
  if (!young_.empty() && !young_timer_) young_timer_ = loop_.CallAt(young_.front().first, [this] { Age(); });
}

std::vector<std::string> DnsResolver::Candidates(const std::string& host) const {
  std::vector<std::string> names;
  if (options_.search == Search::kDomains && !host.contains('.')) {
    for (const std::string& domain : settings_.search) names.push_back(host + "." + domain);
  }
  names.push_back(host);
  return names;
}

void DnsResolver::Ask(Question question) {
  const auto names = Candidates(question.host);
  const std::string& name = names[std::min(question.candidate, names.size() - 1)];
  const DnsType type = question.family == 0 ? DnsType::kA : DnsType::kAaaa;
  servers_->Ask(name, type, [this, question = std::move(question)](NameServers::Answer answer) {
    OnAnswer(question, std::move(answer));
  });
}

void DnsResolver::OnAnswer(const Question& question, NameServers::Answer answer) {
  const std::string& host = question.host;
  const auto found = entries_.find(host);
  // The other family may have shown already that there is no such name.
  if (found == entries_.end() || found->second.round != question.round) return;
  Entry& entry = found->second;
  Family& family = entry.families[question.family];
  if (!family.pending) return;
  const bool last = question.candidate + 1 >= Candidates(host).size();
  if (answer.status == ARES_ENOTFOUND && !last) {
    return Ask({host, question.family, question.candidate + 1, question.round});
  }

  family.pending = false;
  const SteadyTime now = loop_.clock().Steady();
  Family& other = entry.families[1 - question.family];
  family.slow = !other.addresses.empty() && !other.pending && now - entry.some_at > kOtherFamily;
  if (answer.status == ARES_SUCCESS) {
    family.addresses = std::move(answer.addresses);
    family.expires_at = now + std::clamp(answer.time_to_live, kKeptMin, kKeptMax);
  } else {
    family.failure = Explain(answer, host);
    family.expires_at = now + kFailureKept;
  }
  if (answer.status == ARES_ENOTFOUND && other.pending) {
    other.pending = false;
    other.failure = family.failure;
    other.expires_at = family.expires_at;
  }
  if (!entry.pending()) {
    // If one family has no addresses, it is asked for again together with the other, not every second.
    for (std::size_t i = 0; i < 2; ++i) {
      Family& without = entry.families[i];
      const Family& with = entry.families[1 - i];
      if (without.failure && !with.failure) without.expires_at = std::max(without.expires_at, with.expires_at);
    }
    return EndLookup(host);
  }
  entry.some_at = now;
  if (!family.addresses.empty() && !other.slow) {
    entry.grace = loop_.CallAt(now + kOtherFamily, [this, host] {
      Entry& waiting = entries_.at(host);
      waiting.grace.reset();
      waiting.grace_over = true;
      Settle(host);
    });
  } else if (!family.addresses.empty()) {
    entry.grace_over = true;
  }
  Settle(host);
}

void DnsResolver::EndLookup(const std::string& host) {
  Entry& entry = entries_.at(host);
  if (entry.grace) loop_.Cancel(*std::exchange(entry.grace, std::nullopt));
  if (std::exchange(entry.young, false)) turns_.Slow(entry.tenant);
  turns_.End(entry.tenant);
  Settle(host);
  if (turns_.HasTurn() && !begin_posted_) {
    begin_posted_ = true;
    loop_.Post([this] {
      begin_posted_ = false;
      BeginLookups();
    });
  }
}

// --- Answers ---

std::optional<DnsAnswer> DnsResolver::AnswerOf(const Entry& entry, Until until) const {
  DnsAddresses found{.complete = !entry.pending()};
  for (const Family& family : entry.families) {
    found.addresses.insert(found.addresses.end(), family.addresses.begin(), family.addresses.end());
  }
  if (!found.complete) {
    const bool enough =
        !found.addresses.empty() && (entry.grace_over || std::ranges::any_of(entry.families, [](const Family& family) {
                                       return family.pending && family.slow;
                                     }));
    if (until == Until::kAll || !enough) return std::nullopt;
  }
  if (!found.addresses.empty()) return found;
  // A fault of the server itself is reported rather than one of the name.
  const Family& first = entry.families[0];
  const Family& second = entry.families[1];
  const bool own = second.failure && second.failure->own_fault;
  return std::unexpected(own || !first.failure ? second.failure.value_or(DnsFailure()) : *first.failure);
}

// Resumes the requests whose answer is there.
void DnsResolver::Settle(const std::string& host) {
  Entry& entry = entries_.at(host);
  const auto some = AnswerOf(entry, Until::kSome);
  const auto all = AnswerOf(entry, Until::kAll);
  std::erase_if(entry.waits, [&](const auto& wait) {
    const auto& answer = wait.second == Until::kSome ? some : all;
    if (answer) Resume(wait.first, *answer);
    return answer.has_value();
  });
}

void DnsResolver::Resume(WaitId wait, DnsAnswer answer) {
  auto waiter = waiters_.extract(wait);
  if (!waiter) return;
  // Not called from here, which may be inside of c-ares.
  loop_.Post(
      [resume = std::move(waiter.mapped()), answer = std::move(answer)]() mutable { resume(std::move(answer)); });
}

void DnsResolver::MakeRoom() {
  if (entries_.size() < kEntriesMax) return;
  const SteadyTime now = loop_.clock().Steady();
  const auto expired = [now](const Entry& entry) {
    return std::ranges::all_of(entry.families, [now](const Family& family) { return family.expires_at <= now; });
  };
  std::erase_if(entries_, [&](const auto& each) { return !each.second.pending() && expired(each.second); });
  if (entries_.size() < kEntriesMax) return;
  // There is always one without a lookup, because lookups are fewer (LookupTurns::kHeldMax).
  const auto any = std::ranges::find_if(entries_, [](const auto& each) { return !each.second.pending(); });
  if (any != entries_.end()) entries_.erase(any);
}

// A machine that changes networks gets other servers.
void DnsResolver::FollowSystemSettings() {
  if (!options_.servers.empty()) return;
  std::erase_if(former_, [](const auto& servers) { return servers->idle(); });
  std::string mark = MarkOfSettings();
  if (mark.empty() || mark == settings_mark_) return;
  const auto text = ReadSettings();
  if (!text) return;
  settings_mark_ = std::move(mark);
  ResolverSettings settings = ParseResolverSettings(*text);
  if (settings == settings_) return;
  settings_ = std::move(settings);
  former_.push_back(std::exchange(servers_, std::make_unique<NameServers>(loop_, settings_)));
}

}  // namespace shakehook
