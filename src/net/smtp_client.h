// SmtpClient hands e-mails to the operator's mail server (RFC 5321): over verified TLS from the first byte or by
// STARTTLS, logged in by AUTH PLAIN or LOGIN where the server's URL names a user. Each e-mail has a connection of its
// own, a few at a time.
//
// The address policy does not hold here: the operator names the server, nobody else. After a refused login no further
// one is tried for some minutes, so that many e-mails do not lock the operator's account.
//
// Ownership: the Loop outlives it; each e-mail under way holds its socket.
// Threads:   lives on one loop, is destroyed after that loop ended; e-mails that have not ended by then never do.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/loop.h"
#include "net/http_client.h"
#include "net/mail_message.h"
#include "net/smtp_server.h"

namespace shakehook {

enum class MailFailure : std::uint8_t {
  kUnreachable,  // no connection to the mail server
  kTimeout,
  kTls,         // there is no TLS, or none that is trusted
  kLogin,       // refused, or of no kind that this server knows
  kRecipients,  // all are refused
  kRefused,     // the mail server says no for another reason
  kProtocol,    // it closes the connection, or does not speak SMTP
};

struct MailResult {
  std::optional<std::string> error;              // why nobody gets the e-mail, for a person; absent: the server took it
  MailFailure failure = MailFailure::kProtocol;  // meaningful with an error
  std::string reply = {};                        // the mail server's words, where its answer is the reason
  std::vector<std::string> refused;              // recipients that the server refused, each with its answer
};

class SmtpClient {
 public:
  static constexpr Milliseconds kTimeout{30'000};  // for an e-mail, from the lookup of the name on
  static constexpr Milliseconds kPauseAfterRefusedLogin{300'000};
  static constexpr int kUnderWayMax = 3;

  struct Options {
    SmtpServer server;
    std::string from;  // the address that e-mails come from
    Milliseconds timeout = kTimeout;
    std::string name_servers = {};  // "127.0.0.1:5353,..."; empty: the system's
  };

  SmtpClient(Loop& loop, std::shared_ptr<TlsTrust> trust, Options options);
  ~SmtpClient();

  const std::string& from() const;

  // Precondition: all addresses are ones by IsMailAddress; there is a recipient.
  Async<MailResult> Send(MailMessage message);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace shakehook
