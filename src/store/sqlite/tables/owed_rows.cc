#include "store/sqlite/tables/owed_rows.h"

#include <algorithm>
#include <span>
#include <string>

#include "base/check.h"
#include "store/sqlite/tables/position_list.h"

namespace shakehook::sqlite {

OwedRows::OwedRows(Connection& connection, HealthRows& health, std::size_t block)
    : health_(health),
      block_(block),
      find_(connection, "FROM owed_block WHERE webhook = ?1 AND first <= ?2 ORDER BY first DESC LIMIT 1"),
      next_(connection, "FROM owed_block WHERE webhook = ?1 AND first > ?2 ORDER BY first LIMIT 1"),
      insert_(connection, "INSERT INTO owed_block (webhook, first, positions) VALUES (?1, ?2, ?3)"),
      update_(connection, "UPDATE owed_block SET positions = ?3 WHERE webhook = ?1 AND first = ?2"),
      delete_(connection, "DELETE FROM owed_block WHERE webhook = ?1 AND first = ?2") {}

void OwedRows::Add(DeliveryKey key) {
  HealthRows::Entry& entry = health_.TouchEntry(key.webhook);
  CHECK(entry.owed.empty() || entry.owed.back() < key.position);
  entry.owed.push_back(key.position);
  ++entry.health.pending;
}

bool OwedRows::Has(DeliveryKey key) {
  const std::vector<Position>& newest = health_.ReadOwed(key.webhook);
  if (!newest.empty() && key.position >= newest.front()) return HasPosition(newest, key.position);
  const Block* const block = FindBlock(key);
  return block != nullptr && HasPosition(block->positions, key.position);
}

bool OwedRows::Remove(DeliveryKey key) {
  const std::vector<Position>& newest = health_.ReadOwed(key.webhook);
  if (!newest.empty() && key.position >= newest.front()) {
    return RemovePosition(health_.TouchEntry(key.webhook).owed, key.position);
  }
  Block* const block = FindBlock(key);
  if (block == nullptr || !RemovePosition(block->positions, key.position)) return false;
  block->touched = true;
  return true;
}

OwedRows::Block& OwedRows::Load(const BlockKey& key, std::string_view bytes) {
  const auto [found, made] = blocks_.try_emplace(key);
  if (made) {
    found->second.positions = DecodePositions(bytes);
    found->second.last = found->second.positions.empty() ? key.second : found->second.positions.back();
  }
  return found->second;
}

// Blocks of a webhook follow each other, so the one that begins last at or before the position is the one.
OwedRows::Block* OwedRows::FindBlock(DeliveryKey key) {
  const auto after = blocks_.upper_bound({key.webhook, key.position});
  if (after != blocks_.begin()) {
    const auto before = std::prev(after);
    if (before->first.first == key.webhook && key.position <= before->second.last) return &before->second;
  }
  auto row = find_.With(key);
  if (!row.Step()) return nullptr;
  return &Load({key.webhook, row.Get<"first">()}, row.Get<"positions">());
}

std::vector<Position> OwedRows::Find(WebhookNumber webhook, Position first, Position last, std::size_t limit) {
  std::vector<Position> found;
  const auto add = [&](std::span<const Position> positions) {
    for (auto it = std::ranges::lower_bound(positions, first);
         it != positions.end() && *it <= last && found.size() < limit; ++it) {
      found.push_back(*it);
    }
  };
  const auto add_block = [&](Select<OwedBlockColumns>& statement, Position from) -> std::optional<Position> {
    auto row = statement.With(webhook, from);
    if (!row.Step() || row.Get<"first">() > last) return std::nullopt;
    const BlockKey key{webhook, row.Get<"first">()};
    // The block in memory may differ from the row.
    const auto held = blocks_.find(key);
    if (held != blocks_.end()) {
      add(held->second.positions);
    } else {
      add(DecodePositions(row.Get<"positions">()));
    }
    return key.second;
  };
  auto block = add_block(find_, first);
  if (!block) block = add_block(next_, first);
  while (block && found.size() < limit) block = add_block(next_, *block);
  add(health_.ReadOwed(webhook));
  return found;
}

void OwedRows::TakeBack(Position from) {
  health_.ForEachTouched([from](WebhookNumber, HealthRows::Entry& entry) {
    const auto first = std::ranges::lower_bound(entry.owed, from);
    entry.health.pending -= entry.owed.end() - first;
    entry.owed.erase(first, entry.owed.end());
  });
}

void OwedRows::Insert(WebhookNumber webhook, std::span<const Position> positions) {
  const std::string bytes = EncodePositions(positions);
  insert_.Run(webhook, positions.front(), Blob{bytes});
}

void OwedRows::KeepOfDeleted(WebhookNumber webhook) {
  std::vector<Position>& newest = health_.TouchEntry(webhook).owed;
  for (std::span<const Position> rest = newest; !rest.empty(); rest = rest.subspan(std::min(block_, rest.size()))) {
    Insert(webhook, rest.first(std::min(block_, rest.size())));
  }
  newest.clear();
}

void OwedRows::Flush() {
  for (auto& [key, block] : blocks_) {
    if (!block.touched) continue;
    if (block.positions.empty()) {
      delete_.Run(key.first, key.second);
    } else {
      const std::string bytes = EncodePositions(block.positions);
      update_.Run(key.first, key.second, Blob{bytes});
    }
  }
  health_.ForEachTouched([this](WebhookNumber webhook, HealthRows::Entry& entry) {
    std::span<const Position> rest = entry.owed;
    while (rest.size() >= 2 * block_) {
      Insert(webhook, rest.first(block_));
      rest = rest.subspan(block_);
    }
    if (rest.size() < entry.owed.size()) entry.owed = std::vector<Position>(rest.begin(), rest.end());
  });
}

void OwedRows::Committed() {
  if (blocks_.size() > kBlocksMax) return blocks_.clear();
  for (auto& [key, block] : blocks_) block.touched = false;
  std::erase_if(blocks_, [](const auto& block) { return block.second.positions.empty(); });
}

void OwedRows::RolledBack() { blocks_.clear(); }

}  // namespace shakehook::sqlite
