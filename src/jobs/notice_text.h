// The texts of notices: the words, in the channel's language, and the forms in which chats and webhooks take them.
// Pure.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/time.h"
#include "model/notice.h"
#include "store/notice_store.h"

namespace shakehook {

struct NoticeText {
  struct Line {
    std::string text;
    std::string link;  // empty: none
  };
  std::string subject;
  std::vector<Line> lines;
};

// `public_url`: the origin of the dashboard, for links; empty: there are none. Of more than kNoticesInFull notices each
// is one line.
NoticeText TextOf(const DueNotices& due, const std::string& public_url);

// The body of the request for a chat, in the form that its service documents.
std::string SlackBody(const NoticeText& text);
std::string GoogleChatBody(const NoticeText& text);
std::string TeamsBody(const NoticeText& text);

// The text of an e-mail; it ends with why its recipients get it.
std::string MailText(const NoticeText& text, const NoticeChannel& channel);

// The body of the event for a webhook channel. Precondition: the notices are of one kind.
std::string EventBody(const DueNotices& due, const std::string& public_url);

}  // namespace shakehook
