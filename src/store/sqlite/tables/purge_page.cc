#include "store/sqlite/tables/purge_page.h"

#include <algorithm>

namespace shakehook::sqlite {
namespace {

enum class Age { kOld, kRecent, kNotBelieved };

Age AgeOf(Timestamp created_at, const PurgeLimits& limits) {
  if (created_at < limits.before) return Age::kOld;
  return created_at > limits.WrongAfter() ? Age::kNotBelieved : Age::kRecent;
}

// Adds a pending delivery to its event.
void AddTo(std::vector<OldEvent>& events, Position position, OldEvent::Pending pending) {
  const auto event = std::ranges::lower_bound(events, position, {}, &OldEvent::position);
  if (event != events.end() && event->position == position) event->pending.push_back(pending);
}

}  // namespace

struct PurgedEventColumns : Columns<Column<"position", Position>, Column<"created_at", Timestamp>> {};

struct PurgedPendingColumns : Columns<Column<"position", Position>, Column<"purpose", OwedDelivery::Purpose>,
                                      Column<"attempt_trigger", AttemptTrigger>> {};

PurgePages::PurgePages(Connection& connection, PossiblyPending& possibly_pending, OwedRows& owed)
    : possibly_pending_(possibly_pending),
      owed_(owed),
      newest_(connection, "SELECT max(position) FROM event"),
      events_(connection, "FROM event WHERE position > ?1 ORDER BY position LIMIT ?2"),
      pending_(connection,
               "FROM pending_delivery WHERE webhook = ?1 AND position BETWEEN ?2 AND ?3 ORDER BY position LIMIT ?4") {}

std::optional<PurgePage> PurgePages::Read(Position after, const PurgeLimits& limits, const WriteSession& session) {
  PurgePage page = FindOld(after, limits, limits.rows);
  if (page.events.empty()) return page;
  if (!possibly_pending_.known()) {
    possibly_pending_.Ask(newest_.First().value());
    return std::nullopt;
  }
  auto webhooks = possibly_pending_.Until(page.events.back().position);
  if (webhooks.size() > limits.rows) {
    page = FindOld(after, limits, webhooks.size());
    webhooks = possibly_pending_.Until(page.events.back().position);
  }
  FindPending(webhooks, session, page);
  return page;
}

// An event whose time is not believed is as old as the next one whose time is.
PurgePage PurgePages::FindOld(Position after, const PurgeLimits& limits, std::size_t rows) {
  PurgePage page{.rows = rows};
  std::size_t looked_at = 0;
  std::size_t old = 0;  // how many of page.events are known to be old; the others are not believed
  for (auto row = events_.With(after, rows); row.Step(); ++looked_at) {
    const Position position = row.Get<"position">();
    const Age age = AgeOf(row.Get<"created_at">(), limits);
    const bool unknown = possibly_pending_.known() && position > possibly_pending_.newest();
    if (unknown || age == Age::kRecent) break;
    page.events.push_back({position});
    if (age == Age::kOld) old = page.events.size();
  }
  // If the page ends with events that are not believed, the next one begins with them, unless it would be the same.
  if (looked_at == rows) page.next = page.events[(old > 0 ? old : page.events.size()) - 1].position;
  page.events.resize(old);
  return page;
}

void PurgePages::FindPending(const std::set<WebhookNumber>& webhooks, const WriteSession& session, PurgePage& page) {
  while (!AddPending(webhooks, session, page)) {
    page.events.resize(page.events.size() / 2);
    page.next = page.events.back().position;
    for (OldEvent& event : page.events) event.pending.clear();
  }
}

bool PurgePages::AddPending(const std::set<WebhookNumber>& webhooks, const WriteSession& session, PurgePage& page) {
  const Position first = page.events.front().position;
  const Position last = page.events.back().position;
  std::size_t found = 0;
  const auto is_too_much = [&] { return ++found > page.rows && page.events.size() > 1; };
  for (const WebhookNumber number : webhooks) {
    const SharedWebhook webhook = session.FindWebhook(number);
    const bool enabled = webhook && webhook->enabled == Switch::kOn;
    for (auto row = pending_.With(number, first, last, page.rows + 1); row.Step();) {
      if (is_too_much()) return false;
      const auto purpose = row.Get<"purpose">();
      const bool by_hand =
          purpose == OwedDelivery::Purpose::kTest || row.Get<"attempt_trigger">() == AttemptTrigger::kManual;
      AddTo(page.events, row.Get<"position">(), {.webhook = number, .purpose = purpose, .stays = enabled || by_hand});
    }
    for (const Position position : owed_.Find(number, first, last, page.rows + 1)) {
      if (is_too_much()) return false;
      AddTo(page.events, position, {.webhook = number, .purpose = OwedDelivery::Purpose::kDeliver, .stays = enabled});
    }
  }
  return true;
}

}  // namespace shakehook::sqlite
