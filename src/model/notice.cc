#include "model/notice.h"

#include <algorithm>
#include <iterator>

namespace shakehook {
namespace {

constexpr std::int64_t kMinuteMs = 60'000;
constexpr std::int64_t kMinutesOfDay = 24 * 60;

std::int64_t Modulo(std::int64_t value, std::int64_t of) { return ((value % of) + of) % of; }

}  // namespace

std::optional<ChannelKind> ParseChannelKind(std::string_view text) {
  const auto found = std::ranges::find(kChannelKindNames, text);
  if (found == kChannelKindNames.end()) return std::nullopt;
  return static_cast<ChannelKind>(found - kChannelKindNames.begin());
}

std::optional<NoticeKind> ParseNoticeKind(std::string_view text) {
  const auto end = kNoticeKindNames.begin() + kChosenNoticeKinds;
  const auto found = std::find(kNoticeKindNames.begin(), end, text);
  if (found == end) return std::nullopt;
  return static_cast<NoticeKind>(found - kNoticeKindNames.begin());
}

Timestamp AfterQuietHours(const std::optional<QuietHours>& quiet, Timestamp at) {
  if (!quiet || quiet->from == quiet->until) return at;
  const std::int64_t local_ms = UnixMs(at) + quiet->utc_offset * kMinuteMs;
  const std::int64_t day_ms = kMinutesOfDay * kMinuteMs;
  // Measured from the beginning of the quiet hours, so that midnight needs no case of its own.
  const std::int64_t into = Modulo(local_ms - quiet->from * kMinuteMs, day_ms);
  const std::int64_t length = Modulo(quiet->until - quiet->from, kMinutesOfDay) * kMinuteMs;
  return into < length ? at + Milliseconds(length - into) : at;
}

bool HearsOf(const NoticeChannel& channel, const Scope& webhook, const std::optional<VenuesGroupId>& group) {
  if (channel.scope.kind == Scope::Kind::kAll || channel.scope == webhook) return true;
  return group && channel.scope == Scope::Of(*group);
}

std::vector<std::string> UnconfirmedRecipients(const NoticeChannel& channel) {
  std::vector<std::string> unconfirmed;
  if (channel.scope.kind == Scope::Kind::kAll) return unconfirmed;
  std::ranges::copy_if(channel.recipients, std::back_inserter(unconfirmed), [&](const std::string& recipient) {
    return std::ranges::find(channel.confirmed, recipient) == channel.confirmed.end();
  });
  return unconfirmed;
}

std::vector<std::string> MailedRecipients(const NoticeChannel& channel) {
  const std::vector<std::string> unconfirmed = UnconfirmedRecipients(channel);
  std::vector<std::string> mailed;
  std::ranges::copy_if(channel.recipients, std::back_inserter(mailed), [&](const std::string& recipient) {
    return std::ranges::find(unconfirmed, recipient) == unconfirmed.end();
  });
  return mailed;
}

}  // namespace shakehook
