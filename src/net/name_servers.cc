#include "net/name_servers.h"

#include <algorithm>
#include <utility>

namespace shakehook {
namespace {

constexpr Milliseconds kFirstLook{150};       // a question's silence until the servers are probed
constexpr Milliseconds kProbeInterval{1000};  // per server
constexpr Milliseconds kProbeTime{1000};      // a probe that is not answered by then has failed
constexpr Milliseconds kTrySilent{5000};
constexpr std::size_t kSendsMax = 8;  // per question

// Tells whether the status shows that the server works: even the root itself may be refused to strangers.
bool IsOfTheName(int status) {
  return status == ARES_SUCCESS || status == ARES_ENODATA || status == ARES_ENOTFOUND || status == ARES_EBADNAME ||
         status == ARES_EFORMERR || status == ARES_EBADRESP || status == ARES_ENOTIMP;
}
bool IsFinal(int status) {
  return status == ARES_SUCCESS || status == ARES_ENODATA || status == ARES_ENOTFOUND || status == ARES_EBADNAME ||
         status == ARES_ENOTIMP;
}
bool CameFromTheServer(int status) {
  return IsOfTheName(status) || status == ARES_ESERVFAIL || status == ARES_EREFUSED;
}

}  // namespace

NameServers::NameServers(Loop& loop, const ResolverSettings& settings) : loop_(loop), rotate_(settings.rotate) {
  const auto protocol = settings.use_tcp ? AresChannel::Protocol::kTcp : AresChannel::Protocol::kUdp;
  for (const ResolverSettings::Server& server : settings.servers) {
    servers_.push_back({.channel = std::make_unique<AresChannel>(loop, server, protocol)});
  }
}

NameServers::~NameServers() {
  for (auto& [id, lookup] : lookups_) {
    if (lookup.timer) loop_.Cancel(*lookup.timer);
  }
  servers_.clear();  // c-ares drops its questions, which refer to the lookups
}

void NameServers::Ask(const std::string& name, DnsType type, Done done) {
  const LookupId id = ++lookups_made_;
  const SteadyTime now = loop_.clock().Steady();
  lookups_.emplace(id, Lookup{.name = name, .type = type, .done = std::move(done), .began = now, .order = Order()});
  Send(id);
}

bool NameServers::AnsweredSince(SteadyTime at) const {
  return std::ranges::any_of(servers_, [at](const Server& server) { return server.worked_at >= at; });
}

// Returns the order in which to ask: silent servers come last, except for one question now and then.
std::vector<std::size_t> NameServers::Order() {
  std::vector<std::size_t> order;
  const std::size_t first = rotate_ ? turns_++ : 0;
  for (const bool silent : {false, true}) {
    for (std::size_t i = 0; i < servers_.size(); ++i) {
      const std::size_t server = (first + i) % servers_.size();
      if (servers_[server].silent == silent) order.push_back(server);
    }
  }
  return order;
}

void NameServers::Send(LookupId id) {
  const auto ask = [this, id](std::size_t server) {
    Lookup& lookup = lookups_.at(id);
    ++lookup.sent;
    ++lookup.pending;
    const SteadyTime now = loop_.clock().Steady();
    servers_[server].channel->Ask(lookup.name, lookup.type, [this, id, server, now](AresChannel::Answer answer) {
      OnAnswer(id, server, now, std::move(answer));
    });
  };
  Lookup& lookup = lookups_.at(id);
  const SteadyTime now = loop_.clock().Steady();
  const std::size_t next = lookup.order[lookup.sent % lookup.order.size()];
  std::optional<std::size_t> also;
  if (lookup.sent == 0) {
    for (std::size_t i = 0; i < servers_.size() && !also; ++i) {
      if (i != next && servers_[i].silent && now - servers_[i].tried_at >= kTrySilent) also = i;
    }
    SetTimer(id, lookup, now + kFirstLook);
  }
  if (also) {
    // This is a question of its own: whatever its answer, the others are asked as if it had not been sent.
    servers_[*also].tried_at = now;
    servers_[*also].channel->Ask(lookup.name, lookup.type, [this, server = *also](AresChannel::Answer answer) {
      if (!CameFromTheServer(answer.status)) return;
      servers_[server].answered_at = loop_.clock().Steady();
      servers_[server].silent = false;
    });
  }
  ask(next);
}

void NameServers::OnAnswer(LookupId id, std::size_t server, SteadyTime sent_at, AresChannel::Answer answer) {
  const SteadyTime now = loop_.clock().Steady();
  Server& asked = servers_[server];
  if (CameFromTheServer(answer.status)) {
    asked.answered_at = now;
    asked.silent = false;
    if (IsOfTheName(answer.status)) asked.worked_at = now;
  } else if (answer.status == ARES_ETIMEOUT && asked.answered_at < sent_at) {
    asked.silent = true;
    asked.tried_at = now;
  }

  const auto found = lookups_.find(id);
  if (found == lookups_.end()) return;  // another server has answered it
  Lookup& lookup = found->second;
  --lookup.pending;
  if (IsFinal(answer.status)) {
    // A server that was asked before and has been silent since is not waited for again.
    for (Server& other : servers_) {
      if (&other == &asked || other.answered_at >= lookup.began || now - lookup.began < kNextServer) continue;
      const std::size_t number = &other - servers_.data();
      const auto asked_end =
          lookup.order.begin() + static_cast<std::ptrdiff_t>(std::min(lookup.sent, lookup.order.size()));
      if (std::find(lookup.order.begin(), asked_end, number) == asked_end) continue;
      other.silent = true;
      other.tried_at = now;
    }
    return Finish(id, {answer.status, std::move(answer.addresses), answer.time_to_live});
  }
  if (answer.status != ARES_ETIMEOUT) {
    const bool first = !lookup.failure;
    lookup.refused = (first || lookup.refused) && !CameFromTheServer(answer.status);
    if (first || CameFromTheServer(answer.status)) lookup.failure = answer.status;
    if (!lookup.closing && lookup.sent < lookup.order.size()) return Send(id);
  }
  if (lookup.pending == 0 && !lookup.closing) Fail(id);
}

void NameServers::OnTimer(LookupId id) {
  Lookup& lookup = lookups_.at(id);
  lookup.timer.reset();
  const SteadyTime now = loop_.clock().Steady();
  const auto waited = now - lookup.began;
  if (waited >= kLookupTime || lookup.closing) {
    return Finish(id, {.status = lookup.failure.value_or(ARES_ETIMEOUT), .blame = BlameFor(lookup)});
  }
  if (!AnsweredSince(now - kProbeInterval)) Probe();
  if (!lookups_.contains(id)) return;
  const bool send = lookup.sent < kSendsMax && waited >= SendsNextAfter(lookup);
  SetTimer(id, lookup, lookup.began + SendsNextAfter(lookup, send ? 1 : 0));
  if (send) Send(id);
}

// Returns how long after the lookup's start its question is sent next if no answer has come; with `ahead`, when it is
// sent that many times later.
Milliseconds NameServers::SendsNextAfter(const Lookup& lookup, std::size_t ahead) {
  const std::size_t sent = lookup.sent + ahead;
  if (sent < lookup.order.size()) return kNextServer * static_cast<int>(sent);
  return std::max(kNextServer * static_cast<int>(lookup.order.size()),
                  kAgain * static_cast<int>(sent - lookup.order.size() + 1));
}

NameServers::Blame NameServers::BlameFor(const Lookup& lookup) const {
  const SteadyTime since = std::min<SteadyTime>(lookup.began, loop_.clock().Steady() - kProbeInterval);
  return AnsweredSince(since) ? Blame::kName : Blame::kServers;
}

void NameServers::SetTimer(LookupId id, Lookup& lookup, SteadyTime at) {
  if (lookup.timer) loop_.Cancel(*lookup.timer);
  lookup.timer = loop_.CallAt(std::min<SteadyTime>(at, lookup.began + kLookupTime), [this, id] { OnTimer(id); });
}

// All servers were asked, and none had an answer.
void NameServers::Fail(LookupId id) {
  Lookup& lookup = lookups_.at(id);
  const int status = lookup.failure.value_or(ARES_ETIMEOUT);
  if (lookup.refused) return Finish(id, {.status = status, .blame = Blame::kServers});
  if (BlameFor(lookup) == Blame::kName) return Finish(id, {.status = status});
  lookup.closing = true;
  SetTimer(id, lookup, loop_.clock().Steady() + kProbeTime);
  Probe();
  Judge();
}

void NameServers::Finish(LookupId id, Answer answer) {
  auto lookup = lookups_.extract(id);
  if (!lookup) return;
  if (lookup.mapped().timer) loop_.Cancel(*lookup.mapped().timer);
  lookup.mapped().done(std::move(answer));
}

bool NameServers::Probing() const {
  return std::ranges::any_of(servers_, [](const Server& server) { return server.probing; });
}

void NameServers::Probe() {
  const SteadyTime now = loop_.clock().Steady();
  for (std::size_t i = 0; i < servers_.size(); ++i) {
    Server& server = servers_[i];
    if (server.probing || now - server.probed_at < kProbeInterval) continue;
    server.probing = true;
    server.probed_at = now;
    server.channel->Ask(".", DnsType::kNameServers,
                        [this, i](const AresChannel::Answer& answer) { OnProbe(i, answer.status); });
  }
}

void NameServers::OnProbe(std::size_t server, int status) {
  const SteadyTime now = loop_.clock().Steady();
  servers_[server].probing = false;
  if (CameFromTheServer(status)) {
    servers_[server].answered_at = now;
    servers_[server].silent = false;
    if (IsOfTheName(status)) servers_[server].worked_at = now;
  }
  Judge();
}

// Lookups that have failed wait for the probe to find out whose fault that is.
void NameServers::Judge() {
  std::vector<std::pair<LookupId, Answer>> judged;
  for (const auto& [id, lookup] : lookups_) {
    if (!lookup.closing) continue;
    const Blame blame = BlameFor(lookup);
    if (blame == Blame::kServers && Probing()) continue;
    judged.push_back({id, {.status = lookup.failure.value_or(ARES_ETIMEOUT), .blame = blame}});
  }
  for (auto& [id, answer] : judged) Finish(id, std::move(answer));
}

}  // namespace shakehook
