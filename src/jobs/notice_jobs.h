// NoticeJobs sends what is to be told: it lets the store judge the incidents, takes what is due of each channel, and
// posts it, through the same client and address policy as deliveries, or hands it to the mail server. What fails is
// tried again, later each time, and given up after kNoticeAttemptsMax attempts. The store has all of it; a restart goes
// on where it was.
//
// One message of a channel is under way at a time, and a bounded number of all, so that a channel that does not answer
// holds up no other.
//
// Ownership: store, loop and transport outlive its work; destroyed after the loop has ended.
// Threads:   lives on one loop.
#pragma once

#include <expected>
#include <string>
#include <vector>

#include "base/loop.h"
#include "jobs/mail_allowance.h"
#include "model/notice.h"
#include "net/smtp_client.h"
#include "net/transport.h"
#include "store/store.h"

namespace shakehook {

struct DueNotices;

class NoticeJobs {
 public:
  // `mail`: null: there is no mail server. `public_url`: for links to the dashboard; empty: none are sent.
  NoticeJobs(Store& store, Loop& loop, Transport& transport, SmtpClient* mail, std::string public_url)
      : store_(store), loop_(loop), transport_(transport), mail_(mail), public_url_(std::move(public_url)) {}

  // Called once.
  void Start() {
    loop_.Post([this] { loop_.Spawn(Run()); });
  }

 private:
  Async<> Run();
  Async<> Judge();
  Async<> StartDue();
  Async<> Send(DueNotices due);
  Async<Exchange> Post(const DueNotices& due);
  // The error: why it is not given to the mail server.
  Async<std::expected<MailResult, NoticeFault>> Mail(const DueNotices& due);

  Store& store_;
  Loop& loop_;
  Transport& transport_;
  SmtpClient* const mail_;
  const std::string public_url_;
  MailAllowance mail_allowance_;
  std::vector<ChannelId> busy_;  // the channels with a message under way
};

}  // namespace shakehook
