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

bool LinkMail::Count(const Letter& letter, SteadyTime now) {
  const MutexLock lock(mutex_);
  if (under_way_ >= kUnderWayMax || !allowance_.Take(letter.to, letter.scope, now)) return false;
  ++under_way_;
  return true;
}

LinkMail::Outcome LinkMail::Begin(Letter letter, SteadyTime now, std::shared_ptr<Flight> flight) {
  if (public_url_.empty()) return {State::kNoPublicUrl};
  if (!IsMailAddress(letter.to)) {
    return {State::kFailed, "The address is not one that this server can send e-mail to."};
  }
  if (!Count(letter, now)) return {State::kTooMany};
  sender_.loop->Post([this, letter = std::move(letter), flight = std::move(flight)]() mutable {
    sender_.loop->Spawn(Run(std::move(letter), std::move(flight)));
  });
  return {State::kSending};
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

Async<> LinkMail::Run(Letter letter, std::shared_ptr<Flight> flight) {
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
  {
    const MutexLock lock(mutex_);
    --under_way_;
  }
  const MutexLock lock(flight->mutex);
  flight->outcome = result.error ? Outcome{State::kFailed, *std::move(result.error)} : Outcome{State::kSent};
}

Json LinkMailJson(const LinkMail::Outcome& outcome) {
  Json json{Json::Object()};
  json.Add("state", kStates[static_cast<std::size_t>(outcome.state)]);
  json.Add("error", outcome.error.empty() ? Json() : Json(outcome.error));
  return json;
}

}  // namespace shakehook
