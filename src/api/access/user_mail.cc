#include "api/access/user_mail.h"

#include <utility>

#include "api/access/user_mail_text.h"
#include "base/check.h"
#include "base/encoding.h"
#include "base/log.h"

namespace shakehook {
namespace {

constexpr Milliseconds kLook{50};
constexpr std::size_t kIdBytes = 16;

}  // namespace

bool UserMail::Begin(const User& user, SteadyTime now) {
  const MutexLock lock(mutex_);
  if (under_way_ >= kUnderWayMax || !allowance_.Take(EmailKey(user.email), user.scope, now)) return false;
  ++under_way_;
  return true;
}

MailMessage UserMail::MessageFor(const User& user, const std::string& url) const {
  UserMailText words = UserMailTextOf(user, public_url_, url);
  // A hash of the link's hash: it differs from link to link, and tells nothing of the token.
  const Digest id = Sha256("mail " + ToHex(user.link->token_hash));
  return {.from_name = "Shakehook",
          .from = sender_.from,
          .to = {user.email},
          .id = ToHex(std::span(id).first(kIdBytes)) + sender_.from.substr(sender_.from.find('@')),
          .date = sender_.loop->clock().Now(),
          .subject = std::move(words.subject),
          .text = std::move(words.text)};
}

Async<UserMail::Outcome> UserMail::Send(Loop& caller, User user, std::string url) {
  CHECK(user.link);
  if (public_url_.empty()) co_return Outcome{State::kNoPublicUrl};
  if (!IsMailAddress(user.email)) {
    co_return Outcome{State::kFailed, "The address is not one that this server can send e-mail to."};
  }
  if (!Begin(user, caller.clock().Steady())) co_return Outcome{State::kTooMany};
  const auto flight = std::make_shared<Flight>();
  sender_.loop->Post([this, message = MessageFor(user, url), id = user.id, flight]() mutable {
    sender_.loop->Spawn(Run(std::move(message), id, flight));
  });
  const auto outcome = [&flight] {
    const MutexLock lock(flight->mutex);
    return flight->outcome;
  };
  const SteadyTime until = caller.clock().Steady() + kWait;
  Outcome now = outcome();
  while (now.state == State::kSending && caller.clock().Steady() < until) {
    co_await SleepUntil(caller, caller.clock().Steady() + kLook);
    now = outcome();
  }
  co_return now;
}

Async<> UserMail::Run(MailMessage message, UserId user, std::shared_ptr<Flight> flight) {
  MailResult result = co_await sender_.send(std::move(message));
  // A mail server may quote what it refuses, the link too: what it answered follows ": ", and is not logged.
  if (result.error) {
    LogWarning("a user's link was not mailed",
               {{"user", user.ToString()}, {"reason", result.error->substr(0, result.error->find(": "))}});
  }
  {
    const MutexLock lock(mutex_);
    --under_way_;
  }
  const MutexLock lock(flight->mutex);
  flight->outcome = result.error ? Outcome{State::kFailed, *std::move(result.error)} : Outcome{State::kSent};
}

}  // namespace shakehook
