#include "jobs/notice_text.h"

#include <string_view>
#include <utility>

#include "base/filled_text.h"
#include "base/json.h"
#include "base/short_line.h"
#include "base/utc_text.h"
#include "jobs/cause_text.h"

namespace shakehook {
namespace {

// A webhook's name is a tenant's, and a cause may quote what an endpoint answered: neither gets more room than this.
constexpr std::size_t kNameBytesMax = 200;
constexpr std::size_t kCauseBytesMax = 300;

struct Words {
  std::string_view failing, disabled, recovered, exhausted, backlog, test, test_text;
  std::string_view since, no_waiting, one_waiting, many_waiting, cause, several, more, why_you;
};

constexpr Words kEnglish = {
    .failing = "{} fails",
    .disabled = "{} was disabled",
    .recovered = "{} works again",
    .exhausted = "{}: a delivery was given up after its last retry",
    .backlog = "{} falls behind",
    .test = "A test of this channel",
    .test_text = "Somebody pressed the test button. Notices about webhooks will look like this.",
    .since = "Since {} UTC.",
    .no_waiting = "No change waits.",
    .one_waiting = "One change waits.",
    .many_waiting = "{} changes wait.",
    .cause = "Cause: {}",
    .several = "{} notices about webhooks",
    .more = "And {} more.",
    .why_you = "You get this because the notice channel “{}” has your address.",
};
constexpr Words kFrench = {
    .failing = "{} est en échec",
    .disabled = "{} a été désactivé",
    .recovered = "{} fonctionne à nouveau",
    .exhausted = "{} : une livraison est abandonnée après son dernier essai",
    .backlog = "{} prend du retard",
    .test = "Un test de ce canal",
    .test_text = "Quelqu’un a appuyé sur le bouton de test. Les avis sur les webhooks ressembleront à ceci.",
    .since = "Depuis le {} UTC.",
    .no_waiting = "Aucun changement n’attend.",
    .one_waiting = "Un changement attend.",
    .many_waiting = "{} changements attendent.",
    .cause = "Cause : {}",
    .several = "{} avis sur les webhooks",
    .more = "Et {} de plus.",
    .why_you = "Vous recevez ce message parce que le canal d’avis « {} » contient votre adresse.",
};

const Words& WordsOf(NoticeLanguage language) { return language == NoticeLanguage::kFrench ? kFrench : kEnglish; }

// Words without a place for the value stay as they are.
std::string Fill(std::string_view words, std::string_view value) {
  return words.contains("{}") ? FilledText(words, value) : std::string(words);
}
std::string Fill(std::string_view words, std::int64_t value) { return Fill(words, std::to_string(value)); }

std::string_view HeadlineOf(NoticeKind kind, const Words& words) {
  switch (kind) {
    case NoticeKind::kFailing:
      return words.failing;
    case NoticeKind::kDisabled:
      return words.disabled;
    case NoticeKind::kRecovered:
      return words.recovered;
    case NoticeKind::kExhausted:
      return words.exhausted;
    case NoticeKind::kBacklog:
      return words.backlog;
    case NoticeKind::kTest:
      break;
  }
  return words.test;
}

std::string Headline(const Notice& notice, const Words& words) {
  const std::string name = ShortLine(notice.facts.webhook_name, kNameBytesMax);
  return Fill(HeadlineOf(notice.kind, words), name);
}

std::string Details(const Notice& notice, NoticeLanguage language) {
  const Words& words = WordsOf(language);
  if (notice.kind == NoticeKind::kTest) return std::string(words.test_text);
  std::string text;
  const std::string time = UtcText(FromUnixMs(notice.facts.since_ms));
  if (notice.kind != NoticeKind::kRecovered) text += Fill(words.since, time) + " ";
  const std::int64_t pending = notice.facts.pending;
  text += pending == 0   ? std::string(words.no_waiting)
          : pending == 1 ? std::string(words.one_waiting)
                         : Fill(words.many_waiting, pending);
  const std::string cause = ShortLine(CauseText(notice.facts, language), kCauseBytesMax);
  if (!cause.empty()) text += " " + Fill(words.cause, cause);
  return text;
}

// The page of the webhook, in the place that it belongs to.
std::string LinkOf(const Notice& notice, const std::string& public_url) {
  if (public_url.empty() || notice.kind == NoticeKind::kTest) return public_url;
  const std::string_view place = notice.facts.scope.kind == Scope::Kind::kVenue ? "/v/" : "/g/";
  return public_url + std::string(place) + notice.facts.scope.id + "/webhooks/" + notice.facts.webhook_id;
}

// Slack and Google Chat give these characters a meaning; <url|text> is a link in both.
std::string ChatEscaped(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    switch (c) {
      case '&':
        escaped += "&amp;";
        break;
      case '<':
        escaped += "&lt;";
        break;
      case '>':
        escaped += "&gt;";
        break;
      default:
        escaped += c;
    }
  }
  return escaped;
}

// Teams reads Markdown: a name could otherwise be a link of its own.
std::string MarkdownEscaped(std::string_view text) {
  constexpr std::string_view kMarks = "\\`*_[]()#<>!|~";
  std::string escaped;
  for (const char c : text) {
    if (kMarks.contains(c)) escaped += '\\';
    escaped += c;
  }
  return escaped;
}

std::string ChatText(const NoticeText& text) {
  std::string lines = "*" + ChatEscaped(text.subject) + "*";
  for (const NoticeText::Line& line : text.lines) {
    lines += "\n" + ChatEscaped(line.text);
    if (!line.link.empty()) lines += "\n<" + line.link + ">";
  }
  return lines;
}

std::string ChatBody(const NoticeText& text) {
  Json json{Json::Object()};
  json.Add("text", ChatText(text));
  return ToString(json);
}

Json ScopeOf(const Scope& scope) {
  Json json{Json::Object()};
  json.Add(scope.kind == Scope::Kind::kVenue ? "venue_id" : "venues_group_id", scope.id);
  return json;
}

Json WebhookOf(const Notice& notice, const std::string& public_url) {
  const NoticeFacts& facts = notice.facts;
  const std::string link = LinkOf(notice, public_url);
  Json json{Json::Object()};
  json.Add("id", facts.webhook_id);
  json.Add("name", facts.webhook_name);
  json.Add("scope", ScopeOf(facts.scope));
  json.Add("since", facts.since_ms);
  json.Add("pending", facts.pending);
  json.Add("cause", facts.cause.empty() ? Json() : Json(facts.cause));
  json.Add("link", link.empty() ? Json() : Json(link));
  return json;
}

}  // namespace

NoticeText TextOf(const DueNotices& due, const std::string& public_url) {
  const Words& words = WordsOf(due.channel->language);
  NoticeText text;
  if (due.notices.size() == 1 && due.unlisted.empty()) {
    const Notice& notice = due.notices[0];
    text.subject = Headline(notice, words);
    text.lines.push_back({Details(notice, due.channel->language), LinkOf(notice, public_url)});
    return text;
  }
  const auto more = static_cast<std::int64_t>(due.unlisted.size());
  text.subject = Fill(words.several, static_cast<std::int64_t>(due.notices.size()) + more);
  for (const Notice& notice : due.notices) {
    std::string line = Headline(notice, words);
    if (due.notices.size() <= kNoticesInFull) line += ". " + Details(notice, due.channel->language);
    text.lines.push_back({std::move(line), LinkOf(notice, public_url)});
  }
  if (more > 0) text.lines.push_back({Fill(words.more, more), {}});
  return text;
}

std::string MailText(const NoticeText& text, const NoticeChannel& channel) {
  std::string mail;
  for (const NoticeText::Line& line : text.lines) {
    mail += line.text + "\n";
    if (!line.link.empty()) mail += line.link + "\n";
    mail += "\n";
  }
  return mail + "-- \n" + Fill(WordsOf(channel.language).why_you, ShortLine(channel.name, kNameBytesMax)) + "\n";
}

std::string SlackBody(const NoticeText& text) { return ChatBody(text); }

std::string GoogleChatBody(const NoticeText& text) { return ChatBody(text); }

std::string TeamsBody(const NoticeText& text) {
  const auto block = [](std::string line) {
    Json json{Json::Object()};
    json.Add("type", "TextBlock");
    json.Add("text", std::move(line));
    json.Add("wrap", true);
    return json;
  };
  Json title = block(MarkdownEscaped(text.subject));
  title.Add("weight", "Bolder");
  Json::Array body;
  body.push_back(std::move(title));
  for (const NoticeText::Line& line : text.lines) {
    body.push_back(block(MarkdownEscaped(line.text)));
    if (!line.link.empty()) body.push_back(block("[" + line.link + "](" + line.link + ")"));
  }
  Json card{Json::Object()};
  card.Add("type", "AdaptiveCard");
  card.Add("$schema", "http://adaptivecards.io/schemas/adaptive-card.json");
  card.Add("version", "1.4");
  card.Add("body", Json(std::move(body)));
  Json attachment{Json::Object()};
  attachment.Add("contentType", "application/vnd.microsoft.card.adaptive");
  attachment.Add("content", std::move(card));
  Json json{Json::Object()};
  json.Add("type", "message");
  json.Add("attachments", Json(Json::Array{std::move(attachment)}));
  return ToString(json);
}

std::string EventBody(const DueNotices& due, const std::string& public_url) {
  const NoticeKind kind = due.notices[0].kind;
  Json::Array webhooks;
  for (const Notice& notice : due.notices) {
    if (kind != NoticeKind::kTest) webhooks.push_back(WebhookOf(notice, public_url));
  }
  Json data{Json::Object()};
  data.Add("webhooks", Json(std::move(webhooks)));
  Json json{Json::Object()};
  json.Add("event", ToString(kind));
  json.Add("timestamp", UnixMs(due.notices[0].created_at));
  json.Add("data", std::move(data));
  return ToString(json);
}

}  // namespace shakehook
