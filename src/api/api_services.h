// ApiServices is what every handler works with: the store, the judge of URLs, time and chance, and what signing in
// takes.
//
// Ownership: what it refers to outlives it.
// Threads:   handlers of several loops share it; each part says what it allows.
#pragma once

#include <string>

#include "api/api.h"
#include "api/edit_turns.h"
#include "api/password_hasher.h"
#include "api/setup_token.h"
#include "api/sign_in_limit.h"
#include "base/mutex.h"

namespace shakehook {

class CommitFeed;
class ImportRunner;
class InboxLog;

// One Random for all loops.
//
// Threads: from any thread.
class SharedRandom final : public Random {
 public:
  explicit SharedRandom(Random& random) : random_(random) {}
  void Fill(std::span<std::uint8_t> bytes) override {
    const MutexLock lock(mutex_);
    random_.Fill(bytes);
  }

 private:
  Mutex mutex_;
  Random& random_ GUARDED_BY(mutex_);
};

struct ApiServices {
  Store& store;
  const AddressPolicy& policy;
  Clock& clock;
  SharedRandom random;
  prometheus::Registry& metrics;
  const Api::Options options;
  InboxLog& inboxes;
  ImportRunner& imports;
  CommitFeed& feed;  // what the store commits, for /api/stream and for tests of webhooks
  SetupToken setup_token{options.setup_token};
  SignInLimit sign_in_limit{};
  EditTurns turns{};  // of those who change the same account or contact
  PasswordHasher inline_passwords{PasswordHasher::Execution::kInline};

  const Directory& directory() const { return store.directory(); }
  PasswordHasher& passwords() { return options.passwords ? *options.passwords : inline_passwords; }
  Uuid NewUuid() { return Uuid::MakeV7(clock.Now(), random); }
};

}  // namespace shakehook
