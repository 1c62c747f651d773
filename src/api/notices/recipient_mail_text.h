// The e-mail that asks a recipient whether they want the notices of a channel. Pure.
#pragma once

#include <string>

#include "base/time.h"
#include "model/notice.h"

namespace shakehook {

struct RecipientMailText {
  std::string subject;
  std::string text;  // its lines end with "\n"
};

// `origin`: the dashboard's; `url`: the whole link. It has no word of whoever made the channel, who could otherwise
// write to strangers.
RecipientMailText RecipientMailTextOf(NoticeLanguage language, Timestamp expires_at, const std::string& origin,
                                      const std::string& url);

}  // namespace shakehook
