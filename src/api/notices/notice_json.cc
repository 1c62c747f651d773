#include "api/notices/notice_json.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <string>
#include <utility>

#include "api/access/visible.h"
#include "api/http/field_reader.h"
#include "api/http/time_json.h"
#include "api/webhooks/webhook_settings.h"
#include "model/failure_code.h"
#include "model/masked_url.h"
#include "net/mail_message.h"

namespace shakehook {
namespace {

constexpr std::array<std::string_view, 2> kLanguageNames = {"en", "fr"};
constexpr int kUtcOffsetMax = 14 * 60;
constexpr std::size_t kTimeBytes = 5;
constexpr int kMinutesOfHour = 60;

std::string_view ToString(NoticeLanguage language) { return kLanguageNames[static_cast<std::size_t>(language)]; }

// "22:00"
std::string MinutesText(int minutes) {
  std::array<char, 16> text{};
  std::snprintf(text.data(), text.size(), "%02d:%02d", minutes / kMinutesOfHour, minutes % kMinutesOfHour);
  return text.data();
}

std::optional<int> ParseMinutes(std::string_view text) {
  if (text.size() != kTimeBytes || text[2] != ':') return std::nullopt;
  for (const std::size_t i : {0, 1, 3, 4}) {
    if (text[i] < '0' || text[i] > '9') return std::nullopt;
  }
  const int hour = (text[0] - '0') * 10 + (text[1] - '0');
  const int minute = (text[3] - '0') * 10 + (text[4] - '0');
  if (hour > 23 || minute > 59) return std::nullopt;
  return hour * kMinutesOfHour + minute;
}

Json QuietJson(const std::optional<QuietHours>& quiet) {
  if (!quiet) return {};
  Json json{Json::Object()};
  json.Add("from", MinutesText(quiet->from));
  json.Add("until", MinutesText(quiet->until));
  json.Add("utc_offset_minutes", quiet->utc_offset);
  return json;
}

Json EventsJson(NoticeKinds kinds) {
  Json::Array events;
  for (std::size_t i = 0; i < kChosenNoticeKinds; ++i) {
    if (kinds.Has(static_cast<NoticeKind>(i))) events.emplace_back(kNoticeKindNames[i]);
  }
  return Json(std::move(events));
}

void ReadTarget(FieldReader& fields, const AddressPolicy& policy, NoticeChannel& channel) {
  auto url = fields.PresentText("url", kUrlBytesMax);
  // The masked URL may be sent back as it is.
  if (!url || *url == channel.target || (!channel.target.empty() && *url == MaskedUrl(channel.target))) return;
  if (auto reason = WhyUrlIsRefused(*url, policy)) fields.Refuse("url", *std::move(reason));
  channel.target = *std::move(url);
}

void ReadRecipients(FieldReader& fields, NoticeChannel& channel) {
  const Json* const given = fields.Array("recipients");
  if (given == nullptr) {
    const bool missing = fields.Has("recipients") ? fields.IsNull("recipients") : channel.recipients.empty();
    if (missing) fields.Refuse("recipients", {"required", "is required"});
    return;
  }
  const Json::Array& addresses = *given->array();
  if (addresses.empty() || addresses.size() > kRecipientsMax) {
    return fields.Refuse("recipients", {"recipients_count", "must be 1 to {max} e-mail addresses", kRecipientsMax});
  }
  channel.recipients.clear();
  for (std::size_t i = 0; i < addresses.size(); ++i) {
    const std::string* const address = addresses[i].text();
    if (address == nullptr || !IsMailAddress(*address)) {
      fields.Refuse("recipients." + std::to_string(i), {"not_an_email", "must be an e-mail address"});
    } else if (std::ranges::find(channel.recipients, *address) != channel.recipients.end()) {
      fields.Refuse("recipients." + std::to_string(i), {"chosen_twice", "{value} is chosen twice", *address});
    } else {
      channel.recipients.push_back(*address);
    }
  }
  // Who is taken out and named again confirms again.
  std::erase_if(channel.confirmed, [&](const std::string& address) {
    return std::ranges::find(channel.recipients, address) == channel.recipients.end();
  });
}

// Where a channel sends: e-mail has recipients, all others a URL.
void ReadAddress(FieldReader& fields, const AddressPolicy& policy, NoticeChannel& channel) {
  const Json* const shown = fields.Any(channel.kind == ChannelKind::kEmail ? "url" : "recipients");
  const bool given = shown != nullptr && !shown->is_null() && (shown->array() == nullptr || !shown->array()->empty());
  if (channel.kind == ChannelKind::kEmail) {
    if (given) fields.Refuse("url", {"not_of_this_kind", "is not allowed for e-mail; name recipients instead"});
    ReadRecipients(fields, channel);
  } else {
    if (given) fields.Refuse("recipients", {"not_of_this_kind", "are allowed only for e-mail"});
    ReadTarget(fields, policy, channel);
  }
}

void ReadEvents(FieldReader& fields, NoticeChannel& channel) {
  const auto kinds =
      fields.PresentEvents("events", ParseNoticeKind, {"names_no_event", "there is no notice event with this name"});
  if (!kinds) return;
  channel.kinds = {};
  for (const NoticeKind kind : *kinds) channel.kinds.Add(kind);
}

void ReadQuietHours(FieldReader& fields, NoticeChannel& channel) {
  if (!fields.Has("quiet_hours")) return;
  const Json* const json = fields.Object("quiet_hours");
  channel.quiet.reset();
  if (json == nullptr) return;
  FieldReader reader(*json, "quiet_hours");
  QuietHours quiet;
  const auto read = [&](std::string_view name, int& minutes) {
    const auto text = reader.PresentText(name, kTimeBytes);
    const auto parsed = ParseMinutes(text.value_or(""));
    if (!parsed) reader.Refuse(name, {"not_one_of", "must be {choices}", "a time of the day such as \"22:00\""});
    minutes = parsed.value_or(0);
  };
  read("from", quiet.from);
  read("until", quiet.until);
  quiet.utc_offset = static_cast<int>(reader.Integer("utc_offset_minutes", -kUtcOffsetMax, kUtcOffsetMax).value_or(0));
  fields.Take(reader.Errors());
  channel.quiet = quiet;
}

void ReadLanguage(FieldReader& fields, NoticeChannel& channel) {
  if (!fields.Has("language")) return;
  const auto text = fields.Text("language");
  const auto found = std::ranges::find(kLanguageNames, text.value_or("en"));
  if (found == kLanguageNames.end()) {
    fields.Refuse("language", {"not_one_of", "must be {choices}", "\"en\" or \"fr\""});
    return;
  }
  channel.language = static_cast<NoticeLanguage>(found - kLanguageNames.begin());
}

void ReadSettings(FieldReader& fields, const AddressPolicy& policy, NoticeChannel& channel) {
  if (auto name = fields.PresentName("name", kChannelNameCharactersMax)) channel.name = *std::move(name);
  ReadAddress(fields, policy, channel);
  ReadEvents(fields, channel);
  if (fields.Has("enabled")) {
    channel.enabled = fields.Boolean("enabled").value_or(true) ? Switch::kOn : Switch::kOff;
  }
  if (fields.Has("after_minutes")) {
    channel.after_minutes =
        static_cast<int>(fields.Integer("after_minutes", 0, kAfterMinutesMax).value_or(NoticeChannel().after_minutes));
  }
  ReadQuietHours(fields, channel);
  ReadLanguage(fields, channel);
}

Json AddressesJson(const std::vector<std::string>& addresses) {
  Json::Array array;
  for (const std::string& address : addresses) array.emplace_back(address);
  return Json(std::move(array));
}

// An e-mail channel of a venue or group mails its recipients a link first, which needs to begin with something.
void CheckLinkOrigin(FieldReader& fields, std::string_view field, const ApiServices& services,
                     const NoticeChannel& channel) {
  if (channel.kind != ChannelKind::kEmail || channel.scope.kind == Scope::Kind::kAll) return;
  if (services.options.mail && services.options.public_url.value_or("").empty()) {
    fields.Refuse(field, {"no_public_url", "needs --public-url, because a link is mailed to each recipient first"});
  }
}

// {"status"} or {"days"}, as the code's sentence needs them.
Json CauseParams(const NoticeFacts& facts) {
  Json params{Json::Object()};
  if (facts.cause_number != 0) {
    params.Add(facts.cause_code == kFailedTooLongCode ? "days" : "status", facts.cause_number);
  }
  return params;
}

// {"status"} or {"reply"}, as the code's sentence needs them.
Json FaultParams(const NoticeFault& fault) {
  Json params{Json::Object()};
  if (fault.status != 0) params.Add("status", fault.status);
  if (!fault.reply.empty()) params.Add("reply", fault.reply);
  return params;
}

}  // namespace

Json ChannelJson(const NoticeChannel& channel) {
  Json json{Json::Object()};
  json.Add("id", channel.id.ToString());
  json.Add("name", channel.name);
  json.Add("scope", ToJson(channel.scope));
  json.Add("kind", ToString(channel.kind));
  json.Add("url", channel.kind == ChannelKind::kEmail ? Json() : Json(MaskedUrl(channel.target)));
  json.Add("recipients", AddressesJson(channel.recipients));
  json.Add("unconfirmed", AddressesJson(UnconfirmedRecipients(channel)));
  json.Add("events", EventsJson(channel.kinds));
  json.Add("enabled", channel.enabled == Switch::kOn);
  json.Add("after_minutes", channel.after_minutes);
  json.Add("quiet_hours", QuietJson(channel.quiet));
  json.Add("language", ToString(channel.language));
  json.Add("created_at", UnixMs(channel.created_at));
  json.Add("updated_at", UnixMs(channel.updated_at));
  return json;
}

Json NoticeJson(const Notice& notice) {
  Json webhook;
  if (!notice.facts.webhook_id.empty()) {
    webhook.Add("id", Json(notice.facts.webhook_id)).Add("name", Json(notice.facts.webhook_name));
  }
  Json json{Json::Object()};
  json.Add("id", std::to_string(notice.number.value));
  json.Add("channel_id", notice.channel.ToString());
  json.Add("event", ToString(notice.kind));
  json.Add("state", kNoticeStateNames[static_cast<std::size_t>(notice.state)]);
  json.Add("webhook", std::move(webhook));
  json.Add("cause", notice.facts.cause.empty() ? Json() : Json(notice.facts.cause));
  json.Add("cause_code", notice.facts.cause_code.empty() ? Json() : Json(notice.facts.cause_code));
  json.Add("cause_params", CauseParams(notice.facts));
  json.Add("attempts", notice.attempts);
  json.Add("created_at", UnixMs(notice.created_at));
  json.Add("due_at", UnixMs(notice.due));
  json.Add("sent_at", TimeJson(notice.sent_at));
  json.Add("error", notice.fault ? Json(notice.fault->text) : Json());
  json.Add("error_code", notice.fault && !notice.fault->code.empty() ? Json(notice.fault->code) : Json());
  json.Add("error_params", notice.fault ? FaultParams(*notice.fault) : Json(Json::Object()));
  return json;
}

std::optional<Problem> ReadNewChannel(const Json& body, const ApiServices& services, const Principal& principal,
                                      NoticeChannel& channel) {
  FieldReader fields(body);
  if (!fields.ok()) return fields.Finish();
  for (const std::string_view name : {"name", "kind", "scope"}) {
    if (!fields.Has(name)) fields.Refuse(name, {"required", "is required"});
  }
  if (fields.Has("kind")) {
    const auto kind = ParseChannelKind(fields.Text("kind").value_or(""));
    if (!kind)
      fields.Refuse("kind", {"not_one_of", "must be {choices}",
                             "\"webhook\", \"slack\", \"teams\", \"google_chat\" or \"email\""});
    channel.kind = kind.value_or(ChannelKind::kWebhook);
    if (channel.kind == ChannelKind::kEmail && !services.options.mail) {
      fields.Refuse("kind", {"no_mail_server",
                             "cannot be e-mail, because this server has no mail server to send with (--smtp-url)"});
    }
  }
  if (channel.kind != ChannelKind::kEmail && !fields.Has("url")) fields.Refuse("url", {"required", "is required"});
  for (std::size_t i = 0; i < kChosenNoticeKinds; ++i) channel.kinds.Add(static_cast<NoticeKind>(i));
  ReadSettings(fields, services.policy, channel);
  if (const Json* const scope = fields.Object("scope")) {
    FieldReader reader(*scope, "scope");
    if (auto read = ReadScope(reader, services.config_cache(), principal, Switch::kOn))
      channel.scope = *std::move(read);
    fields.Take(reader.Errors());
  } else if (fields.IsNull("scope")) {
    fields.Refuse("scope", {"required", "is required"});
  }
  CheckLinkOrigin(fields, "kind", services, channel);
  return fields.Finish();
}

std::optional<Problem> MergeChannel(const Json& patch, const ApiServices& services, NoticeChannel& channel) {
  FieldReader fields(patch);
  if (!fields.ok()) return fields.Finish();
  const Json shown = ChannelJson(channel);
  const std::vector<std::string> before = channel.recipients;
  for (const std::string_view fixed : {"id", "scope", "kind", "unconfirmed", "created_at", "updated_at"}) {
    fields.Unchangeable(fixed, *shown.Find(fixed));
  }
  ReadSettings(fields, services.policy, channel);
  const auto is_new = [&before](const std::string& recipient) {
    return std::ranges::find(before, recipient) == before.end();
  };
  if (std::ranges::any_of(channel.recipients, is_new)) CheckLinkOrigin(fields, "recipients", services, channel);
  return fields.Finish();
}

std::string ChannelChanges(const NoticeChannel& before, const NoticeChannel& after) {
  const Json then = ChannelJson(before);
  const Json now = ChannelJson(after);
  Json::Array changes;
  for (const std::string_view field :
       {"name", "url", "recipients", "unconfirmed", "events", "enabled", "after_minutes", "quiet_hours", "language"}) {
    const bool hidden = field == "url" && before.target != after.target;
    if (*then.Find(field) == *now.Find(field) && !hidden) continue;
    const auto shown = [&](const Json& json) { return json.object() != nullptr ? Json(ToString(json)) : json; };
    Json entry{Json::Object()};
    entry.Add("field", field);
    entry.Add("before", shown(*then.Find(field)));
    entry.Add("after", shown(*now.Find(field)));
    changes.push_back(std::move(entry));
  }
  return changes.empty() ? std::string() : shakehook::ToString(Json(std::move(changes)));
}

}  // namespace shakehook
