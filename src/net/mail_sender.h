// MailSender lets code on any loop send e-mails: in production by the SmtpClient, in tests by a script.
#pragma once

#include <functional>
#include <string>

#include "base/loop.h"
#include "net/smtp_client.h"

namespace shakehook {

struct MailSender {
  Loop* loop = nullptr;  // `send` is called on it; it outlives who sends
  std::string from;      // the address that the e-mails come from
  std::function<Async<MailResult>(MailMessage)> send;
};

}  // namespace shakehook
