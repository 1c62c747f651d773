// Notices tell people that a webhook fails, was disabled, works again, gave a delivery up, or falls behind. A channel
// is where they go: a venue's, a group's, or the operator's. An incident is what they tell of: it begins, and it ends;
// each channel gets one notice when it begins and one when it ends, however many deliveries it touches.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "model/ids.h"
#include "model/scope.h"
#include "model/webhook.h"

namespace shakehook {

// The numbers are stored.
enum class ChannelKind : std::uint8_t { kWebhook = 0, kSlack = 1, kTeams = 2, kGoogleChat = 3, kEmail = 4 };
inline constexpr std::array<std::string_view, 5> kChannelKindNames = {"webhook", "slack", "teams", "google_chat",
                                                                      "email"};
inline std::string_view ToString(ChannelKind kind) { return kChannelKindNames[static_cast<std::size_t>(kind)]; }
std::optional<ChannelKind> ParseChannelKind(std::string_view text);

// The numbers are stored. A test is sent because a person asked for it.
enum class NoticeKind : std::uint8_t {
  kFailing = 0,
  kDisabled = 1,
  kRecovered = 2,
  kExhausted = 3,
  kBacklog = 4,
  kTest = 5,
};
inline constexpr std::array<std::string_view, 6> kNoticeKindNames = {"webhook.failing",   "webhook.disabled",
                                                                     "webhook.recovered", "delivery.exhausted",
                                                                     "backlog.growing",   "channel.test"};
inline std::string_view ToString(NoticeKind kind) { return kNoticeKindNames[static_cast<std::size_t>(kind)]; }
// Returns a kind that a channel may choose: not the test.
std::optional<NoticeKind> ParseNoticeKind(std::string_view text);
inline constexpr std::size_t kChosenNoticeKinds = 5;

// A set of kinds, as the bits of their numbers.
struct NoticeKinds {
  std::uint8_t bits = 0;

  bool operator==(const NoticeKinds&) const = default;
  bool Has(NoticeKind kind) const { return (bits >> static_cast<int>(kind)) & 1; }
  void Add(NoticeKind kind) { bits |= static_cast<std::uint8_t>(1 << static_cast<int>(kind)); }
};

enum class NoticeLanguage : std::uint8_t { kEnglish = 0, kFrench = 1 };

// Minutes of the day at a fixed distance to UTC. `from` may be later than `until`: then they are over midnight.
struct QuietHours {
  int from = 0;
  int until = 0;
  int utc_offset = 0;

  bool operator==(const QuietHours&) const = default;
};
// Returns `at`, or the end of the quiet hours that it is in.
Timestamp AfterQuietHours(const std::optional<QuietHours>& quiet, Timestamp at);

struct NoticeChannel {
  ChannelId id;
  std::string name;
  Scope scope;  // everything: the operator's
  ChannelKind kind = ChannelKind::kWebhook;
  std::string target;                   // a URL, which may hold a credential; empty for e-mail
  std::vector<std::string> recipients;  // e-mail addresses; empty for other kinds
  std::vector<std::string> confirmed;   // the recipients who said that they want the e-mails
  std::string secret;                   // signs what goes to a webhook; empty for other kinds
  NoticeKinds kinds;
  Switch enabled = Switch::kOn;
  int after_minutes = 10;  // a webhook must have failed so long before the channel hears of it
  std::optional<QuietHours> quiet;
  NoticeLanguage language = NoticeLanguage::kEnglish;
  Timestamp created_at;
  Timestamp updated_at;
  std::int64_t version = 1;

  bool operator==(const NoticeChannel&) const = default;
};
using SharedChannel = std::shared_ptr<const NoticeChannel>;

// Returns the recipients who have not confirmed that they want the e-mails, and so are sent none. Those of the
// operator's own channels need not: the mail server is the operator's.
std::vector<std::string> UnconfirmedRecipients(const NoticeChannel& channel);
// Returns the recipients who are sent e-mails.
std::vector<std::string> MailedRecipients(const NoticeChannel& channel);

inline constexpr int kAfterMinutesMax = 24 * 60;
inline constexpr std::size_t kChannelsPerScopeMax = 20;
inline constexpr std::size_t kRecipientsMax = 10;

// Tells whether the channel hears of webhooks of this scope: its own, and of its group's venues; the operator's of all.
// `group`: that of the webhook's venue, if it has one.
bool HearsOf(const NoticeChannel& channel, const Scope& webhook, const std::optional<VenuesGroupId>& group);

// The numbers are stored.
enum class IncidentKind : std::uint8_t { kFailing = 0, kDisabled = 1, kExhausted = 2, kBacklog = 3 };

// NoticeFacts is what a notice says of its webhook, as it was when the notice was made.
struct NoticeFacts {
  std::string webhook_id;
  std::string webhook_name;
  Scope scope;
  std::int64_t since_ms = 0;  // the incident; Unix time
  std::int64_t pending = 0;
  std::string cause;              // why the last attempt failed, for a person; empty: not known
  std::string cause_code;         // FailureCode() or kFailedTooLongCode; empty: not known
  std::int64_t cause_number = 0;  // the status of the answer, or the days of failures; 0: neither

  bool operator==(const NoticeFacts&) const = default;
};

// NoticeFault says why a channel did not take a notice, or whom an e-mail did not reach that was sent.
struct NoticeFault {
  std::string text;   // for a person
  std::string code;   // is one of kNoticeFaultCodes; empty: an older version made it
  int status = 0;     // is the channel's answer; 0: none came
  std::string reply;  // the mail server's words, where they are the reason

  bool operator==(const NoticeFault&) const = default;
};

// Each has a sentence in the dashboard, and is in the API's description.
inline constexpr auto kNoticeFaultCodes = std::to_array<std::string_view>({
    "answered",  // with a status that is none of the next
    "address_gone",
    "message_refused",
    "slow_down",
    "channel_error",
    "redirected",
    "timeout",
    "dns",
    "forbidden_address",
    "connection_refused",
    "unreachable",
    "connection_closed",
    "tls",
    "invalid_response",
    "own_fault",
    "no_mail_server",
    "nobody_confirmed",
    "mails_used_up",
    "mail_server_unreachable",
    "mail_server_silent",
    "mail_server_tls",
    "mail_login_refused",
    "recipients_refused",
    "some_recipients_refused",
    "mail_refused",
    "mail_server_odd",
});

enum class NoticeState : std::uint8_t { kWaiting = 0, kSent = 1, kGivenUp = 2 };
inline constexpr std::array<std::string_view, 3> kNoticeStateNames = {"waiting", "sent", "failed"};

struct Notice {
  Position number;  // in the order they were made
  ChannelId channel;
  NoticeKind kind = NoticeKind::kTest;
  NoticeState state = NoticeState::kWaiting;
  NoticeFacts facts;  // empty for a test
  int attempts = 0;
  Timestamp created_at;
  Timestamp due;
  std::optional<Timestamp> sent_at;
  std::optional<NoticeFault> fault;  // ended the last attempt; absent: all is well

  bool operator==(const Notice&) const = default;
};

}  // namespace shakehook
