#include "open_store.h"

#include <cstdio>
#include <cstdlib>

#include "cli/key_file.h"
#include "store/sqlite/sqlite_store.h"

namespace shakehook::bench {

OpenStore::OpenStore(const std::string& folder, Clock& clock, Switch durable) : loop_(clock) {
  const std::string path = folder + "/shakehook.db";
  const auto key = ReadOrMakeMasterKey(BesideDatabase(path, "master.key"), path, random_);
  if (!key) Give(key.error());
  box_ = std::make_unique<SecretBox>(*key);
  auto store = OpenSqliteStore({.path = path, .execution = SqliteOptions::Execution::kInline, .durable = durable},
                               *box_, clock, store_random_);
  if (!store) Give(store.error());
  store_ = *std::move(store);
}

void OpenStore::Give(const std::string& reason) {
  std::fprintf(stderr, "bench_store: %s\n", reason.c_str());
  std::exit(1);
}

}  // namespace shakehook::bench
