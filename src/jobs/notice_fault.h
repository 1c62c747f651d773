// NoticeFaultOf says why a channel did not take a message: as a sentence for a person, and as a code for the dashboard.
// Pure.
#pragma once

#include <optional>

#include "model/notice.h"
#include "net/smtp_client.h"
#include "net/transport.h"

namespace shakehook {

// Returns nullopt where the channel took it.
std::optional<NoticeFault> NoticeFaultOf(const Exchange& exchange);
// Precondition: nobody gets the e-mail.
NoticeFault NoticeFaultOf(const MailResult& result);
// Returns whom an e-mail did not reach, though it reached others; nullopt: it reached all.
std::optional<NoticeFault> NoticeRemarkOf(const MailResult& result);

}  // namespace shakehook
