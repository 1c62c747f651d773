// UserMail sends users the links of invitations and resets, through the operator's mail server. A link is shown to who
// made it, too: a mail server that fails or hangs costs that response kWait at most, and nothing else.
//
// Ownership: the sender's loop outlives it; the coroutines that it starts there do not.
// Threads:   Send from any loop.
// Loss:      what is under way as the process ends is not sent.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <utility>

#include "api/access/link_mail_allowance.h"
#include "base/loop.h"
#include "base/mutex.h"
#include "model/user.h"
#include "net/mail_sender.h"

namespace shakehook {

class UserMail {
 public:
  static constexpr Milliseconds kWait{4'000};
  // Further ones are refused, because each takes a turn from the notices.
  static constexpr std::size_t kUnderWayMax = 8;

  enum class State : std::uint8_t {
    kSent,     // the mail server took it
    kSending,  // it has not ended within kWait
    kFailed,
    kTooMany,      // the address, the scope or the server has had as many as it may
    kNoPublicUrl,  // the operator has named none
  };
  struct Outcome {
    State state = State::kSending;
    std::string error = {};  // why it failed, for a person
  };

  // `public_url`: the dashboard's origin; empty: nothing is sent, because a link needs an origin that is no guess.
  UserMail(MailSender sender, std::string public_url)
      : sender_(std::move(sender)), public_url_(std::move(public_url)) {}

  // Sends the user their link, and waits for the result on the caller's loop. Precondition: the user has a link; `url`
  // is all of it.
  Async<Outcome> Send(Loop& caller, User user, std::string url);

 private:
  // An e-mail under way, shared by the two loops.
  struct Flight {
    Mutex mutex;
    Outcome outcome GUARDED_BY(mutex);
  };

  // Counts the e-mail. False: there may be no further one.
  bool Begin(const User& user, SteadyTime now);
  MailMessage MessageFor(const User& user, const std::string& url) const;
  Async<> Run(MailMessage message, UserId user, std::shared_ptr<Flight> flight);

  const MailSender sender_;
  const std::string public_url_;
  Mutex mutex_;  // loops of the API send
  LinkMailAllowance allowance_ GUARDED_BY(mutex_);
  std::size_t under_way_ GUARDED_BY(mutex_) = 0;
};

}  // namespace shakehook
