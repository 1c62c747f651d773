#include "store/sqlite/tables/notice_rows.h"

#include <algorithm>
#include <limits>
#include <string>
#include <utility>

#include "base/json.h"

namespace shakehook::sqlite {

struct NoticeColumns : Columns<Column<"number", Position>, Column<"channel", ChannelId>, Column<"kind", NoticeKind>,
                               Column<"state", NoticeState>, Column<"facts", std::string_view>, Column<"attempts", int>,
                               Column<"created_at", Timestamp>, Column<"due", Timestamp>,
                               Column<"sent_at", std::optional<Timestamp>>, Column<"error", std::string>> {};

struct ToldColumns : Columns<Column<"number", Position>, Column<"channel", ChannelId>, Column<"state", NoticeState>,
                             Column<"attempts", int>> {};

struct DueChannelColumns : Columns<Column<"channel", ChannelId>, Column<"first_due", Timestamp>> {};

namespace {

constexpr int kOldPerDrop = 200;

std::string FactsText(const NoticeFacts& facts) {
  if (facts == NoticeFacts()) return {};
  Json json;
  json.Add("webhook_id", Json(facts.webhook_id))
      .Add("webhook_name", Json(facts.webhook_name))
      .Add("scope_kind", Json(static_cast<std::int64_t>(facts.scope.kind)))
      .Add("scope_id", Json(facts.scope.id))
      .Add("since_ms", Json(facts.since_ms))
      .Add("pending", Json(facts.pending))
      .Add("cause", Json(facts.cause));
  if (!facts.cause_code.empty()) json.Add("cause_code", Json(facts.cause_code));
  if (facts.cause_number != 0) json.Add("cause_number", Json(facts.cause_number));
  return ToString(json);
}

NoticeFacts ReadFacts(std::string_view text) {
  NoticeFacts facts;
  const auto json = ParseJson(text);
  if (!json) return facts;
  facts.webhook_id = *json->Find("webhook_id")->text();
  facts.webhook_name = *json->Find("webhook_name")->text();
  facts.scope = {static_cast<Scope::Kind>(*json->Find("scope_kind")->integer()), *json->Find("scope_id")->text()};
  facts.since_ms = *json->Find("since_ms")->integer();
  facts.pending = *json->Find("pending")->integer();
  facts.cause = *json->Find("cause")->text();
  // Notices of older versions have neither.
  if (const Json* const code = json->Find("cause_code")) facts.cause_code = *code->text();
  if (const Json* const number = json->Find("cause_number")) facts.cause_number = *number->integer();
  return facts;
}

// An older version stored the sentence alone, which does not begin as an object does.
std::string FaultText(const std::optional<NoticeFault>& fault) {
  if (!fault) return {};
  Json json;
  json.Add("text", Json(fault->text)).Add("code", Json(fault->code));
  if (fault->status != 0) json.Add("status", Json(std::int64_t{fault->status}));
  if (!fault->reply.empty()) json.Add("reply", Json(fault->reply));
  return ToString(json);
}

std::optional<NoticeFault> ReadFault(const std::string& text) {
  if (text.empty()) return std::nullopt;
  NoticeFault fault{.text = text, .code = {}, .reply = {}};
  if (!text.starts_with('{')) return fault;
  const auto json = ParseJson(text);
  if (!json) return fault;
  fault.text = *json->Find("text")->text();
  fault.code = *json->Find("code")->text();
  if (const Json* const status = json->Find("status")) fault.status = static_cast<int>(*status->integer());
  if (const Json* const reply = json->Find("reply")) fault.reply = *reply->text();
  return fault;
}

Notice ReadNotice(const Rows<NoticeColumns>& row) {
  return {.number = row.Get<"number">(),
          .channel = row.Get<"channel">(),
          .kind = row.Get<"kind">(),
          .state = row.Get<"state">(),
          .facts = ReadFacts(row.Get<"facts">()),
          .attempts = row.Get<"attempts">(),
          .created_at = row.Get<"created_at">(),
          .due = row.Get<"due">(),
          .sent_at = row.Get<"sent_at">(),
          .fault = ReadFault(row.Get<"error">())};
}

}  // namespace

NoticeRows::NoticeRows(Connection& connection)
    : insert_(connection,
              "INSERT INTO notice (channel, kind, state, webhook, incident, facts, attempts, created_at, due, error)"
              " VALUES (?1, ?2, ?3, ?4, ?5, ?6, 0, ?7, ?8, '')"),
      drop_(connection, "DELETE FROM notice WHERE number = ?1"),
      drop_waiting_(connection, Sql("DELETE FROM notice WHERE channel = ?1 AND state = {}", NoticeState::kWaiting)),
      drop_all_(connection, "DELETE FROM notice WHERE channel = ?1"),
      begin_(connection, "UPDATE notice SET attempts = attempts + 1 WHERE number = ?1"),
      sent_(connection, Sql("UPDATE notice SET state = ?2, sent_at = ?3, error = ?4 WHERE number = ?1 AND state = {}",
                            NoticeState::kWaiting)),
      failed_(connection, Sql("UPDATE notice SET error = ?2, due = max(due, ?3),"
                              " state = iif(attempts >= ?4 OR kind = {}, {}, state) WHERE number = ?1 AND state = {}",
                              NoticeKind::kTest, NoticeState::kGivenUp, NoticeState::kWaiting)),
      wait_(connection, Sql("UPDATE notice SET due = ?2 WHERE channel = ?1 AND state = {} AND due < ?2"
                            " AND kind <> {}",
                            NoticeState::kWaiting, NoticeKind::kTest)),
      drop_beyond_(connection, Sql("DELETE FROM notice WHERE channel = ?1 AND state <> {} AND number <= (SELECT number"
                                   " FROM notice WHERE channel = ?1 ORDER BY number DESC LIMIT 1 OFFSET ?2)",
                                   NoticeState::kWaiting)),
      drop_old_(connection,
                "DELETE FROM notice WHERE number IN (SELECT number FROM notice ORDER BY number LIMIT ?1)"
                " AND created_at < ?2"),
      waiting_(connection, Sql("SELECT count(*) FROM notice WHERE channel = ?1 AND state = {}", NoticeState::kWaiting)),
      waiting_test_(connection, Sql("SELECT 1 FROM notice WHERE channel = ?1 AND state = {} AND kind = {}",
                                    NoticeState::kWaiting, NoticeKind::kTest)),
      first_kind_(connection, Sql("SELECT kind FROM notice WHERE channel = ?1 AND state = {} AND due <= ?2"
                                  " ORDER BY number LIMIT 1",
                                  NoticeState::kWaiting)),
      of_incident_(connection, Sql("FROM notice WHERE webhook = ?1 AND incident = ?2 AND created_at >= ?3"
                                   " AND kind <> {}",
                                   NoticeKind::kRecovered)),
      // One seek for each channel that has something waiting, however much it is.
      due_channels_(
          connection,
          WholeStatement{Sql("WITH RECURSIVE waiting (channel) AS (SELECT min(channel) FROM notice WHERE state = {}"
                             " UNION ALL SELECT (SELECT min(channel) FROM notice WHERE state = {}"
                             " AND channel > waiting.channel) FROM waiting WHERE waiting.channel IS NOT NULL)"
                             " SELECT channel, (SELECT min(due) FROM notice WHERE state = {}"
                             " AND channel = waiting.channel) AS first_due FROM waiting"
                             " WHERE channel IS NOT NULL AND first_due <= ?1 ORDER BY first_due",
                             NoticeState::kWaiting, NoticeState::kWaiting, NoticeState::kWaiting)}),
      due_(connection, Sql("FROM notice WHERE channel = ?1 AND state = {}"
                           " AND due <= ?2 AND kind = coalesce(?3, kind) ORDER BY number LIMIT ?4",
                           NoticeState::kWaiting)) {}

void NoticeRows::Add(const NoticeChannel& channel, NoticeKind kind, const NoticeFacts& facts,
                     const NoticeSource& source, Timestamp due, Timestamp now) {
  if (channel.kind == ChannelKind::kEmail && MailedRecipients(channel).empty()) return;
  if (waiting_.First(channel.id).value_or(0) >= kNoticesWaitingMax) return;
  const std::string text = FactsText(facts);
  insert_.Run(channel.id, kind, NoticeState::kWaiting, source.webhook, source.incident, text, now,
              AfterQuietHours(channel.quiet, due + kNoticesGathered));
}

void NoticeRows::AddTest(const NoticeChannel& channel, Timestamp now) {
  const NoticeSource none;
  insert_.Run(channel.id, NoticeKind::kTest, NoticeState::kWaiting, none.webhook, none.incident, "", now, now);
}

bool NoticeRows::HasWaitingTest(const ChannelId& channel) { return waiting_test_.First(channel).has_value(); }

std::vector<ChannelId> NoticeRows::DropUntold(const NoticeSource& source, Timestamp since) {
  std::vector<ChannelId> told;
  std::vector<Position> untold;
  {
    auto row = of_incident_.With(source.webhook, source.incident, since);
    while (row.Step()) {
      if (row.Get<"state">() == NoticeState::kWaiting && row.Get<"attempts">() == 0) {
        untold.push_back(row.Get<"number">());
      } else {
        told.push_back(row.Get<"channel">());
      }
    }
  }
  for (const Position& number : untold) drop_.Run(number);
  std::ranges::sort(told);
  told.erase(std::ranges::unique(told).begin(), told.end());
  return told;
}

void NoticeRows::DropWaiting(const ChannelId& channel) { drop_waiting_.Run(channel); }

void NoticeRows::DropAll(const ChannelId& channel) { drop_all_.Run(channel); }

std::vector<ChannelId> NoticeRows::ListDueChannels(Timestamp now) {
  std::vector<ChannelId> channels;
  auto row = due_channels_.With(now);
  while (row.Step()) channels.push_back(row.Get<"channel">());
  return channels;
}

std::optional<NoticeKind> NoticeRows::OnlyKind(const NoticeChannel& channel, Timestamp now) {
  if (AfterQuietHours(channel.quiet, now) > now) return NoticeKind::kTest;
  if (channel.kind != ChannelKind::kWebhook) return std::nullopt;
  return first_kind_.First(channel.id, now);
}

DueNotices NoticeRows::Take(const SharedChannel& channel, Timestamp now) {
  DueNotices due{.channel = channel, .notices = {}, .unlisted = {}};
  const std::optional<NoticeKind> only = OnlyKind(*channel, now);
  const auto limit =
      channel->kind == ChannelKind::kWebhook ? static_cast<std::int64_t>(kNoticesPerMessage) : kNoticesWaitingMax;
  {
    auto row = due_.With(channel->id, now, only, limit);
    while (row.Step()) {
      if (due.notices.size() < kNoticesPerMessage) {
        due.notices.push_back(ReadNotice(row));
      } else {
        due.unlisted.push_back(row.Get<"number">());
      }
    }
  }
  for (Notice& notice : due.notices) {
    begin_.Run(notice.number);
    ++notice.attempts;
  }
  for (const Position& number : due.unlisted) begin_.Run(number);
  return due;
}

void NoticeRows::Record(const NoticeResult& result) {
  for (const Position& number : result.notices) {
    if (!result.error) {
      sent_.Run(number, NoticeState::kSent, result.at, FaultText(result.remark));
    } else {
      failed_.Run(number, FaultText(result.error), result.retry_at, kNoticeAttemptsMax);
    }
  }
  const Milliseconds interval = result.notices.size() > kNoticesInFull ? kSummaryInterval : kMessageInterval;
  wait_.Run(result.channel, result.error ? result.retry_at : result.at + interval);
  drop_beyond_.Run(result.channel, kNoticesOfChannelKept);
}

void NoticeRows::DropOld(Timestamp now) { drop_old_.Run(kOldPerDrop, now - kNoticesKept); }

NoticeReads::NoticeReads(Connection& connection)
    : of_channel_(connection, "FROM notice WHERE channel = ?1 AND number < ?2 ORDER BY number DESC LIMIT ?3") {}

std::vector<Notice> NoticeReads::List(const NoticeQuery& query) {
  const std::int64_t before = query.before ? query.before->value : std::numeric_limits<std::int64_t>::max();
  std::vector<Notice> notices;
  auto row = of_channel_.With(query.channel, before, query.limit);
  while (row.Step()) notices.push_back(ReadNotice(row));
  return notices;
}

}  // namespace shakehook::sqlite
