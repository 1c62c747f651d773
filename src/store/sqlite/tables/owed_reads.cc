#include "store/sqlite/tables/owed_reads.h"

#include <algorithm>
#include <array>
#include <span>

#include "store/sqlite/tables/position_list.h"

namespace shakehook::sqlite {

// The places where a webhook's oldest pending delivery may be.
struct NextRowColumns : Columns<Column<"webhook", WebhookNumber>, Column<"position", Position>> {};
struct NextBlockColumns : Columns<Column<"webhook", WebhookNumber>, Column<"first", Position>> {};
struct NextNewestColumns : Columns<Column<"webhook", WebhookNumber>, Column<"owed", std::string_view>> {};

OwedReads::OwedReads(Connection& connection)
    : newest_(connection, "SELECT owed FROM webhook_health WHERE webhook = ?1"),
      block_at_(connection, "FROM owed_block WHERE webhook = ?1 AND first <= ?2 ORDER BY first DESC LIMIT 1"),
      block_after_(connection, "FROM owed_block WHERE webhook = ?1 AND first > ?2 ORDER BY first LIMIT 1"),
      next_row_(connection, "FROM pending_delivery WHERE webhook > ?1 ORDER BY webhook, position LIMIT 1"),
      next_block_(connection, "FROM owed_block WHERE webhook > ?1 ORDER BY webhook, first LIMIT 1"),
      next_newest_(connection,
                   "FROM webhook_health WHERE webhook > ?1 AND owed <> x''"
                   " ORDER BY webhook LIMIT 1") {}

std::vector<Position> OwedReads::ReadNewest(WebhookNumber webhook) {
  const auto owed = newest_.First(webhook);
  return owed ? DecodePositions(*owed) : std::vector<Position>();
}

bool OwedReads::Has(DeliveryKey key) {
  const std::vector<Position> newest = ReadNewest(key.webhook);
  if (!newest.empty() && key.position >= newest.front()) return HasPosition(newest, key.position);
  auto row = block_at_.With(key);
  return row.Step() && HasPosition(DecodePositions(row.Get<"positions">()), key.position);
}

std::vector<Position> OwedReads::After(WebhookNumber webhook, Position after, std::size_t limit) {
  std::vector<Position> found;
  const auto add = [&](std::span<const Position> positions) {
    found.insert(found.end(), std::ranges::upper_bound(positions, after), positions.end());
  };
  std::optional<Position> block;
  const auto add_block = [&](Select<OwedBlockColumns>& statement, Position from) {
    auto row = statement.With(webhook, from);
    if (!row.Step()) return false;
    block = row.Get<"first">();
    add(DecodePositions(row.Get<"positions">()));
    return true;
  };
  bool more = add_block(block_at_, after) || add_block(block_after_, after);
  while (more && found.size() < limit) more = add_block(block_after_, *block);
  if (found.size() < limit) add(ReadNewest(webhook));
  return found;
}

std::vector<Position> OwedReads::Before(WebhookNumber webhook, Position before, std::size_t limit) {
  std::vector<Position> found;
  const auto add = [&](std::span<const Position> positions) {
    for (auto it = std::ranges::lower_bound(positions, before); it != positions.begin() && found.size() < limit;) {
      found.push_back(*--it);
    }
  };
  add(ReadNewest(webhook));
  while (found.size() < limit) {
    auto row = block_at_.With(webhook, before.value - 1);
    if (!row.Step()) break;
    add(DecodePositions(row.Get<"positions">()));
    before = row.Get<"first">();
  }
  return found;
}

std::vector<OldestPending> OwedReads::ListOldestPending(WebhookNumber after, std::size_t limit) {
  // Each of these places gives its next webhook.
  struct Place {
    std::optional<OldestPending> (*read)(OwedReads&, WebhookNumber behind);
    std::optional<OldestPending> next = {};
  };
  std::array<Place, 3> places = {
      Place{[](OwedReads& reads, WebhookNumber behind) -> std::optional<OldestPending> {
        auto row = reads.next_row_.With(behind);
        if (!row.Step()) return std::nullopt;
        return OldestPending{.webhook = row.Get<"webhook">(), .oldest = row.Get<"position">()};
      }},
      Place{[](OwedReads& reads, WebhookNumber behind) -> std::optional<OldestPending> {
        auto row = reads.next_block_.With(behind);
        if (!row.Step()) return std::nullopt;
        return OldestPending{.webhook = row.Get<"webhook">(), .oldest = row.Get<"first">()};
      }},
      Place{[](OwedReads& reads, WebhookNumber behind) -> std::optional<OldestPending> {
        auto row = reads.next_newest_.With(behind);
        if (!row.Step()) return std::nullopt;
        return OldestPending{.webhook = row.Get<"webhook">(), .oldest = DecodePositions(row.Get<"owed">()).front()};
      }}};
  for (Place& place : places) place.next = place.read(*this, after);

  std::vector<OldestPending> oldest;
  while (oldest.size() < limit) {
    std::optional<OldestPending> least;
    for (const Place& place : places) {
      if (!place.next) continue;
      if (!least || place.next->webhook < least->webhook) {
        least = place.next;
      } else if (place.next->webhook == least->webhook) {
        least->oldest = std::min(least->oldest, place.next->oldest);
      }
    }
    if (!least) break;
    oldest.push_back(*least);
    for (Place& place : places) {
      if (place.next && place.next->webhook == least->webhook) place.next = place.read(*this, least->webhook);
    }
  }
  return oldest;
}

}  // namespace shakehook::sqlite
