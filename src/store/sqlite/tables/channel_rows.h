// The channels that notices go to: their rows, with all of them in memory as well.
//
// Threads: Load, Save, Remove on the writer's; Find and List from any thread: the API shows channels without a read.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <vector>

#include "base/mutex.h"
#include "base/random.h"
#include "base/result.h"
#include "base/secret_box.h"
#include "model/notice.h"
#include "store/refusal.h"
#include "store/sqlite/engine/sqlite.h"
#include "store/sqlite/engine/write_session.h"

namespace shakehook::sqlite {

class ChannelRows {
 public:
  ChannelRows(Connection& connection, const SecretBox& box, Random& random);

  // Throws std::runtime_error if a channel cannot be decrypted.
  void Load();

  // store/notice_store.h: SaveChannel, DeleteChannel.
  Stored<Done> Save(NoticeChannel channel, std::int64_t expected_version, WriteSession& session);
  Stored<Done> Remove(const ChannelId& id, std::optional<std::int64_t> expected_version, WriteSession& session);

  SharedChannel Find(const ChannelId& id) const;
  std::vector<SharedChannel> List(const std::function<bool(const NoticeChannel&)>& keep) const;
  bool empty() const;

 private:
  void Put(SharedChannel channel);

  const SecretBox& box_;
  Random& random_;
  Statement upsert_, delete_;
  mutable Mutex mutex_;  // the API's loops read what the writer changes
  std::map<ChannelId, SharedChannel> channels_ GUARDED_BY(mutex_);
};

}  // namespace shakehook::sqlite
