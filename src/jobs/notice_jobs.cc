#include "jobs/notice_jobs.h"

#include <algorithm>
#include <expected>
#include <memory>
#include <optional>
#include <utility>

#include "base/check.h"
#include "base/digest.h"
#include "base/encoding.h"
#include "base/log.h"
#include "jobs/notice_fault.h"
#include "jobs/notice_text.h"
#include "net/target_url.h"
#include "store/notice_store.h"

namespace shakehook {
namespace {

constexpr Milliseconds kLook{2'000};
constexpr int kLooksPerJudgement = 5;
constexpr Milliseconds kPauseOfSteps{20};
constexpr Milliseconds kTimeout{10'000};
constexpr std::size_t kUnderWayMax = 16;
constexpr Milliseconds kRetryBase{30'000};
constexpr Milliseconds kRetryMax{3'600'000};
constexpr std::string_view kSecretPrefix = "whsec_";

// Before attempt n + 1: 30 s, 1 min, 2 min, ... 1 h.
Milliseconds WaitAfter(int attempts) { return std::min(kRetryMax, kRetryBase * (1 << std::min(attempts - 1, 10))); }

std::string Line(std::string_view name, std::string_view value) {
  return std::string(name) + ": " + std::string(value) + "\r\n";
}

// Identifies a message: it is the same on each attempt.
std::string KeyOf(const NoticeChannel& channel, Position first) {
  const Digest digest = Sha256(channel.id.ToString() + "/" + std::to_string(first.value));
  Uuid key;
  std::copy_n(digest.begin(), key.bytes.size(), key.bytes.begin());
  key.bytes[6] = static_cast<std::uint8_t>((key.bytes[6] & 0x0f) | 0x80);  // RFC 9562, version 8
  key.bytes[8] = static_cast<std::uint8_t>((key.bytes[8] & 0x3f) | 0x80);
  return key.ToString();
}

// The headers of a webhook channel's request: those of any other webhook (CONTRACT §2), with the Standard Webhooks'.
std::string SignedLines(const NoticeChannel& channel, const std::string& body, Position first, Timestamp now) {
  const std::string id = KeyOf(channel, first);
  const std::string seconds = std::to_string(UnixMs(now) / 1000);
  std::string lines = Line("Bookingshake-Signature", ToHex(HmacKey(channel.secret).Sign(body)));
  lines += Line("Idempotency-Key", id);
  const auto decoded = FromBase64(std::string_view(channel.secret).substr(kSecretPrefix.size()));
  if (!decoded) return lines;
  const std::string key_bytes(decoded->begin(), decoded->end());
  const Digest standard = HmacKey(key_bytes).Sign(id + "." + seconds + ".", body);
  return lines + Line("webhook-id", id) + Line("webhook-timestamp", seconds) +
         Line("webhook-signature", "v1," + ToBase64(standard));
}

// The e-mail is not sent, for a reason of this server's own.
std::unexpected<NoticeFault> NotMailed(std::string code, std::string text) {
  return std::unexpected(NoticeFault{.text = std::move(text), .code = std::move(code), .reply = {}});
}

}  // namespace

Async<> NoticeJobs::Run() {
  for (int looks = 0;; ++looks) {
    co_await SleepUntil(loop_, loop_.clock().Steady() + kLook);
    const auto any = [](const NoticeChannel&) { return true; };
    if (store_.notices().ListChannels(any).empty()) continue;
    if (looks % kLooksPerJudgement == 0) co_await Judge();
    co_await StartDue();
  }
}

Async<> NoticeJobs::Judge() {
  for (;;) {
    const auto more = co_await store_.notices().JudgeIncidents(loop_.clock().Now());
    if (!more || !*more) co_return;
    co_await SleepUntil(loop_, loop_.clock().Steady() + kPauseOfSteps);
  }
}

Async<> NoticeJobs::StartDue() {
  if (busy_.size() >= kUnderWayMax) co_return;
  auto due = co_await store_.notices().TakeDue(loop_.clock().Now(), busy_, kUnderWayMax - busy_.size());
  if (!due) co_return;
  for (DueNotices& of_channel : *due) {
    busy_.push_back(of_channel.channel->id);
    loop_.Spawn(Send(std::move(of_channel)));
  }
}

Async<> NoticeJobs::Send(DueNotices due) {
  const ChannelId channel = due.channel->id;
  NoticeResult result{.channel = channel, .notices = {}, .error = {}, .remark = {}, .retry_at = {}, .at = {}};
  for (const Notice& notice : due.notices) result.notices.push_back(notice.number);
  result.notices.insert(result.notices.end(), due.unlisted.begin(), due.unlisted.end());
  if (due.channel->kind == ChannelKind::kEmail) {
    const auto mailed = co_await Mail(due);
    if (!mailed) {
      result.error = mailed.error();
    } else if (mailed->error) {
      result.error = NoticeFaultOf(*mailed);
    } else {
      result.remark = NoticeRemarkOf(*mailed);
    }
  } else {
    result.error = NoticeFaultOf(co_await Post(due));
  }
  result.at = loop_.clock().Now();
  if (result.error) {
    const int attempts = due.notices[0].attempts;
    result.retry_at = result.at + WaitAfter(attempts);
    if (attempts >= kNoticeAttemptsMax) {
      LogWarning("a notice is given up", {{"channel", channel.ToString()}, {"reason", result.error->text}});
    }
  }
  while (!co_await store_.notices().RecordNotices(result)) {
    co_await SleepUntil(loop_, loop_.clock().Steady() + kLook);
  }
  std::erase(busy_, channel);
}

Async<Exchange> NoticeJobs::Post(const DueNotices& due) {
  const NoticeChannel& channel = *due.channel;
  std::string lines = Line("Content-Type", "application/json") + Line("User-Agent", "Bookingshake-Webhooks/1.0");
  std::string body;
  switch (channel.kind) {
    case ChannelKind::kSlack:
      body = SlackBody(TextOf(due, public_url_));
      break;
    case ChannelKind::kTeams:
      body = TeamsBody(TextOf(due, public_url_));
      break;
    case ChannelKind::kGoogleChat:
      body = GoogleChatBody(TextOf(due, public_url_));
      break;
    case ChannelKind::kWebhook:
      body = EventBody(due, public_url_);
      lines += SignedLines(channel, body, due.notices[0].number, loop_.clock().Now());
      break;
    case ChannelKind::kEmail:
      CHECK(false);
  }
  auto url = ParseTargetUrl(channel.target);
  if (!url) co_return Exchange{.response = {}, .message = url.error().text(), .own_fault = {}};
  co_return co_await transport_.Post({.url = std::make_shared<const TargetUrl>(*std::move(url)),
                                      .tenant = std::hash<Scope>()(channel.scope),
                                      .headers = std::move(lines),
                                      .body = std::make_shared<const std::string>(std::move(body)),
                                      .deadline = loop_.clock().Steady() + kTimeout});
}

Async<std::expected<MailResult, NoticeFault>> NoticeJobs::Mail(const DueNotices& due) {
  const NoticeChannel& channel = *due.channel;
  if (mail_ == nullptr) {
    co_return NotMailed("no_mail_server", "This server has no mail server to send with (--smtp-url).");
  }
  std::vector<std::string> recipients = MailedRecipients(channel);
  if (recipients.empty()) co_return NotMailed("nobody_confirmed", "No recipient has confirmed their address yet.");
  if (!mail_allowance_.Take(channel.scope, recipients.size(), loop_.clock().Steady())) {
    co_return NotMailed("mails_used_up", "Its venue or group has used up its e-mails for this hour.");
  }
  const NoticeText text = TextOf(due, public_url_);
  const std::string& from = mail_->from();
  co_return co_await mail_->Send({.from_name = "Shakehook",
                                  .from = from,
                                  .to = std::move(recipients),
                                  .id = KeyOf(channel, due.notices[0].number) + from.substr(from.find('@')),
                                  .date = loop_.clock().Now(),
                                  .subject = text.subject,
                                  .text = MailText(text, channel)});
}

}  // namespace shakehook
