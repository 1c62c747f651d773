#include "store/sqlite/tables/discards.h"

namespace shakehook::sqlite {

struct DiscardColumns : Columns<Column<"webhook", WebhookNumber>, Column<"until", Position>, Column<"at", Timestamp>> {
};

namespace {

constexpr std::string_view kAll = "FROM discard";

Discard ReadDiscard(const Rows<DiscardColumns>& row) { return {.until = row.Get<"until">(), .at = row.Get<"at">()}; }

std::map<WebhookNumber, Discard> ReadAll(Select<DiscardColumns>& list) {
  std::map<WebhookNumber, Discard> all;
  for (auto row = list.With(); row.Step();) {
    all[row.Get<"webhook">()] = ReadDiscard(row);
  }
  return all;
}

}  // namespace

Discards::Discards(Connection& connection)
    : list_(connection, kAll),
      put_(connection, "INSERT OR REPLACE INTO discard (webhook, until, at) VALUES (?1, ?2, ?3)"),
      remove_(connection, "DELETE FROM discard WHERE webhook = ?1") {}

std::map<WebhookNumber, Discard>& Discards::All() {
  if (!all_) all_ = ReadAll(list_);
  return *all_;
}

std::optional<Discard> Discards::Of(WebhookNumber webhook) {
  const auto found = All().find(webhook);
  if (found == All().end()) return std::nullopt;
  return found->second;
}

std::optional<WebhookNumber> Discards::Any() {
  if (All().empty()) return std::nullopt;
  return All().begin()->first;
}

void Discards::Put(WebhookNumber webhook, const Discard& discard) {
  put_.Run(webhook, discard.until, discard.at);
  All()[webhook] = discard;
}

void Discards::Remove(WebhookNumber webhook) {
  remove_.Run(webhook);
  All().erase(webhook);
}

DiscardReads::DiscardReads(Connection& connection)
    : find_(connection, "FROM discard WHERE webhook = ?1"), list_(connection, kAll) {}

std::optional<Discard> DiscardReads::Of(WebhookNumber webhook) {
  auto row = find_.With(webhook);
  if (!row.Step()) return std::nullopt;
  return ReadDiscard(row);
}

Position DiscardReads::UntilOf(WebhookNumber webhook) {
  const auto discard = Of(webhook);
  return discard ? discard->until : Position();
}

std::map<WebhookNumber, Discard> DiscardReads::All() { return ReadAll(list_); }

}  // namespace shakehook::sqlite
