#include "api/access/link_mail.h"

#include <array>
#include <string_view>
#include <utility>

#include "base/log.h"

namespace shakehook {
namespace {

constexpr Milliseconds kLook{50};

// By number.
constexpr std::array<std::string_view, 5> kStates = {"sent", "sending", "failed", "too_many", "no_public_url"};

}  // namespace

LinkMail::Outcome LinkMail::Begin(Letter letter, SteadyTime now, std::shared_ptr<Flight> flight) {
  if (public_url_.empty()) return {State::kNoPublicUrl};
  if (!IsMailAddress(letter.to)) {
    return {State::kFailed, "The address is not one that this server can send e-mail to."};
  }
  if (Reserve({letter.to}, letter.tenant, now)) return {State::kTooMany};
  Enqueue({std::move(letter), std::move(flight)});
  return {State::kSending};
}

std::optional<std::string> LinkMail::Reserve(const std::vector<std::string>& addresses, const Scope& tenant,
                                             SteadyTime now) {
  const MutexLock lock(mutex_);
  for (std::size_t i = 0; i < addresses.size(); ++i) {
    if (allowance_.Take(addresses[i], tenant, now)) continue;
    for (std::size_t taken = 0; taken < i; ++taken) allowance_.GiveBack(addresses[taken], tenant);
    return addresses[i];
  }
  return std::nullopt;
}

void LinkMail::GiveBack(const std::vector<std::string>& addresses, const Scope& tenant) {
  const MutexLock lock(mutex_);
  for (const std::string& address : addresses) allowance_.GiveBack(address, tenant);
}

void LinkMail::Enqueue(Sending sending) {
  {
    const MutexLock lock(mutex_);
    if (under_way_ >= kUnderWayMax) {
      const TenantKey tenant{std::hash<Scope>()(sending.letter.tenant)};
      return waiting_.Push(tenant, 1, std::move(sending));
    }
    ++under_way_;
  }
  sender_.loop->Post([this, sending = std::move(sending)]() mutable { sender_.loop->Spawn(Run(std::move(sending))); });
}

std::optional<LinkMail::Sending> LinkMail::Next() {
  const MutexLock lock(mutex_);
  if (!waiting_.empty()) return waiting_.Pop();
  --under_way_;
  return std::nullopt;
}

Async<LinkMail::Outcome> LinkMail::Send(Loop& caller, Letter letter) {
  const auto flight = std::make_shared<Flight>();
  Outcome now = Begin(std::move(letter), caller.clock().Steady(), flight);
  const auto outcome = [&flight] {
    const MutexLock lock(flight->mutex);
    return flight->outcome;
  };
  const SteadyTime until = caller.clock().Steady() + kWait;
  while (now.state == State::kSending && caller.clock().Steady() < until) {
    co_await SleepUntil(caller, caller.clock().Steady() + kLook);
    now = outcome();
  }
  co_return now;
}

Async<> LinkMail::Run(Sending sending) {
  std::optional<Sending> next = std::move(sending);
  while (next) {
    co_await SendOne(*next);
    next = Next();
  }
}

Async<> LinkMail::SendOne(Sending& sending) {
  Letter& letter = sending.letter;
  MailResult result = co_await sender_.send({.from_name = "Shakehook",
                                             .from = sender_.from,
                                             .to = {letter.to},
                                             .id = letter.id + sender_.from.substr(sender_.from.find('@')),
                                             .date = sender_.loop->clock().Now(),
                                             .subject = std::move(letter.subject),
                                             .text = std::move(letter.text)});
  // A mail server may quote what it refuses, the link too: what it answered follows ": ", and is not logged.
  if (result.error) {
    LogWarning("a link was not mailed",
               {{letter.about_kind, letter.about}, {"reason", result.error->substr(0, result.error->find(": "))}});
  }
  const MutexLock lock(sending.flight->mutex);
  sending.flight->outcome = result.error ? Outcome{State::kFailed, *std::move(result.error)} : Outcome{State::kSent};
}

Json LinkMailJson(const LinkMail::Outcome& outcome) {
  Json json{Json::Object()};
  json.Add("state", kStates[static_cast<std::size_t>(outcome.state)]);
  json.Add("error", outcome.error.empty() ? Json() : Json(outcome.error));
  return json;
}

}  // namespace shakehook
