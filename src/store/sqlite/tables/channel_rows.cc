#include "store/sqlite/tables/channel_rows.h"

#include <memory>
#include <stdexcept>
#include <utility>

#include "base/check.h"
#include "base/json.h"
#include "store/config_rules.h"
#include "store/scope_columns.h"
#include "store/sqlite/engine/select.h"

namespace shakehook::sqlite {
namespace {

struct ChannelColumns
    : Columns<Column<"id", ChannelId>, Column<"name", std::string>, Column<"scope_kind", Scope::Kind>,
              Column<"scope_id", std::string>, Column<"kind", ChannelKind>, Column<"kinds", std::uint8_t>,
              Column<"enabled", Switch>, Column<"after_minutes", int>, Column<"quiet_from", std::optional<int>>,
              Column<"quiet_until", int>, Column<"quiet_utc_offset", int>, Column<"language", NoticeLanguage>,
              Column<"sealed", std::string_view>, Column<"created_at", Timestamp>, Column<"updated_at", Timestamp>,
              Column<"version", std::int64_t>> {};

Json TextsJson(const std::vector<std::string>& texts) {
  Json::Array array;
  for (const std::string& text : texts) array.emplace_back(text);
  return Json(std::move(array));
}

std::vector<std::string> ReadTexts(const Json& array) {
  std::vector<std::string> texts;
  for (const Json& text : *array.array()) texts.push_back(*text.text());
  return texts;
}

std::string SealedText(const NoticeChannel& channel) {
  Json sealed;
  sealed.Add("target", Json(channel.target)).Add("secret", Json(channel.secret));
  if (!channel.recipients.empty()) {
    sealed.Add("recipients", TextsJson(channel.recipients)).Add("confirmed", TextsJson(channel.confirmed));
  }
  return ToString(sealed);
}

NoticeChannel ReadChannel(const Rows<ChannelColumns>& row) {
  NoticeChannel channel{.id = row.Get<"id">(),
                        .name = row.Get<"name">(),
                        .scope = ReadScope(row),
                        .kind = row.Get<"kind">(),
                        .target = {},
                        .recipients = {},
                        .confirmed = {},
                        .secret = {},
                        .kinds = {row.Get<"kinds">()},
                        .enabled = row.Get<"enabled">(),
                        .after_minutes = row.Get<"after_minutes">(),
                        .quiet = {},
                        .language = row.Get<"language">(),
                        .created_at = row.Get<"created_at">(),
                        .updated_at = row.Get<"updated_at">(),
                        .version = row.Get<"version">()};
  if (const auto from = row.Get<"quiet_from">()) {
    channel.quiet =
        QuietHours{.from = *from, .until = row.Get<"quiet_until">(), .utc_offset = row.Get<"quiet_utc_offset">()};
  }
  return channel;
}

}  // namespace

ChannelRows::ChannelRows(Connection& connection, const SecretBox& box, Random& random)
    : box_(box),
      random_(random),
      upsert_(connection,
              "INSERT OR REPLACE INTO notice_channel (id, name, scope_kind, scope_id, kind, kinds, enabled,"
              " after_minutes, quiet_from, quiet_until, quiet_utc_offset, language, sealed, created_at, updated_at,"
              " version) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16)"),
      delete_(connection, "DELETE FROM notice_channel WHERE id = ?1") {}

void ChannelRows::Load() {
  Select<ChannelColumns> channels(upsert_.connection(), "FROM notice_channel");
  for (auto row = channels.With(); row.Step();) {
    NoticeChannel channel = ReadChannel(row);
    const auto opened = box_.Open(row.Get<"sealed">());
    if (!opened) {
      throw std::runtime_error("a notice channel cannot be decrypted: the master key is not this database's");
    }
    const auto sealed = ParseJson(*opened);
    CHECK(sealed);
    channel.target = *sealed->Find("target")->text();
    channel.secret = *sealed->Find("secret")->text();
    if (const Json* const recipients = sealed->Find("recipients")) channel.recipients = ReadTexts(*recipients);
    // Recipients that an older version stored got e-mails without being asked; they go on.
    const Json* const confirmed = sealed->Find("confirmed");
    channel.confirmed = confirmed == nullptr ? channel.recipients : ReadTexts(*confirmed);
    Put(std::make_shared<NoticeChannel>(std::move(channel)));
  }
}

Stored<Done> ChannelRows::Save(NoticeChannel channel, std::int64_t expected_version, WriteSession& session) {
  const auto existing = Find(channel.id);
  if (const auto checked = CheckVersion(existing, expected_version, "a channel with this id"); !checked) return checked;
  if (const auto exists = CheckScope(session.config_cache(), channel.scope); !exists) return exists;
  const auto in_scope = List([&](const NoticeChannel& other) { return other.scope == channel.scope; });
  if (!existing && in_scope.size() >= kChannelsPerScopeMax) {
    return CheckRoom(channel.scope, in_scope.size(), kChannelsPerScopeMax, "notice channels");
  }
  channel.version = expected_version + 1;
  std::optional<int> from, until, utc_offset;
  if (channel.quiet) {
    from = channel.quiet->from;
    until = channel.quiet->until;
    utc_offset = channel.quiet->utc_offset;
  }
  const std::string sealed = box_.Seal(SealedText(channel), random_);
  upsert_.Run(channel.id, channel.name, channel.scope.kind, channel.scope.id, channel.kind, channel.kinds.bits,
              channel.enabled, channel.after_minutes, from, until, utc_offset, channel.language, Blob{sealed},
              channel.created_at, channel.updated_at, channel.version);
  session.AfterCommit([this, saved = std::make_shared<NoticeChannel>(std::move(channel))] { Put(saved); });
  return Done();
}

Stored<Done> ChannelRows::Remove(const ChannelId& id, std::optional<std::int64_t> expected_version,
                                 WriteSession& session) {
  const auto existing = Find(id);
  if (const auto checked = CheckRemoval(existing, expected_version); !checked) return checked;
  delete_.Run(id);
  session.AfterCommit([this, id] {
    const MutexLock lock(mutex_);
    channels_.erase(id);
  });
  return Done();
}

void ChannelRows::Put(SharedChannel channel) {
  const MutexLock lock(mutex_);
  channels_[channel->id] = std::move(channel);
}

SharedChannel ChannelRows::Find(const ChannelId& id) const {
  const MutexLock lock(mutex_);
  const auto found = channels_.find(id);
  return found == channels_.end() ? nullptr : found->second;
}

std::vector<SharedChannel> ChannelRows::List(const std::function<bool(const NoticeChannel&)>& keep) const {
  const MutexLock lock(mutex_);
  std::vector<SharedChannel> kept;
  for (const auto& [id, channel] : channels_) {
    if (keep(*channel)) kept.push_back(channel);
  }
  return kept;
}

bool ChannelRows::empty() const {
  const MutexLock lock(mutex_);
  return channels_.empty();
}

}  // namespace shakehook::sqlite
