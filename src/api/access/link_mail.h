// LinkMail sends e-mails that bring a link: to users, those of invitations and resets; to recipients of notices, those
// that confirm their address. They go through the operator's mail server, once. A mail server that fails or hangs costs
// the response that waits for it kWait at most, and nothing else. If kUnderWayMax are under way, further ones wait, and
// tenants take turns. How many wait is bounded by the allowance.
//
// Ownership: the sender's loop outlives it; the coroutines that it starts there do not.
// Threads:   any.
// Loss:      what is under way or waits as the process ends is not sent.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "api/access/link_mail_allowance.h"
#include "base/fair_queue.h"
#include "base/json.h"
#include "base/loop.h"
#include "base/mutex.h"
#include "net/mail_sender.h"

namespace shakehook {

class LinkMail {
 public:
  static constexpr Milliseconds kWait{4'000};
  static constexpr std::size_t kUnderWayMax = 16;

  enum class State : std::uint8_t {
    kSent,     // the mail server took it
    kSending,  // it has not ended within kWait
    kFailed,
    kTooMany,      // the address, the tenant or the server has had as many as it may
    kNoPublicUrl,  // the operator has named none
  };
  struct Outcome {
    State state = State::kSending;
    std::string error = {};  // why it failed, for a person
  };
  struct Letter {
    std::string to;
    Scope tenant;    // whose allowance it is counted in, and whose turn it takes
    std::string id;  // differs from link to link, and tells nothing of its token
    std::string subject;
    std::string text;
    // The log names these two if it fails, such as "user" and an id; they never hold the link.
    std::string about_kind;
    std::string about;
  };

  // `public_url`: the dashboard's origin; empty: nothing is sent, because a link needs an origin that is no guess.
  LinkMail(MailSender sender, std::string public_url)
      : sender_(std::move(sender)), public_url_(std::move(public_url)) {}

  const std::string& public_url() const { return public_url_; }

  // Sends it, and waits for the result on the caller's loop.
  Async<Outcome> Send(Loop& caller, Letter letter);

  // Counts an e-mail to each of them, before what they are for is stored. Returns the first that may get no further one
  // now; nothing is counted then.
  std::optional<std::string> Reserve(const std::vector<std::string>& addresses, const Scope& tenant, SteadyTime now);
  // They are not sent after all.
  void GiveBack(const std::vector<std::string>& addresses, const Scope& tenant);
  // Sends one that was reserved, without waiting.
  void Post(Letter letter) { Enqueue({std::move(letter), std::make_shared<Flight>()}); }

 private:
  // An e-mail under way, shared by the two loops.
  struct Flight {
    Mutex mutex;
    Outcome outcome GUARDED_BY(mutex);
  };

  struct Sending {
    Letter letter;
    std::shared_ptr<Flight> flight;
  };

  // Begins to send it, or returns why not. Else the state is kSending, and the result comes into `flight`.
  Outcome Begin(Letter letter, SteadyTime now, std::shared_ptr<Flight> flight);
  void Enqueue(Sending sending);
  // Sends it, and after it those that wait. On the sender's loop.
  Async<> Run(Sending sending);
  Async<> SendOne(Sending& sending);
  // Returns the next that waits; nullopt: none does, and one less is under way.
  std::optional<Sending> Next();

  const MailSender sender_;
  const std::string public_url_;
  Mutex mutex_;  // loops of the API send
  LinkMailAllowance allowance_ GUARDED_BY(mutex_);
  std::size_t under_way_ GUARDED_BY(mutex_) = 0;
  FairQueue<Sending> waiting_ GUARDED_BY(mutex_);
};

// Returns the JSON of an outcome: {state, error}.
Json LinkMailJson(const LinkMail::Outcome& outcome);

}  // namespace shakehook
