// The Store on SQLite: one file, one writer thread that commits everything waiting at once, and readers on connections
// of their own that it never waits for (WAL).
//
// Open refuses a file that another process uses, a file of a newer version, and a file that is no database.
#pragma once

#include <prometheus/registry.h>

#include <cstdint>
#include <expected>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "base/random.h"
#include "base/secret_box.h"
#include "store/config_limits.h"
#include "store/store.h"

namespace shakehook {

struct SqliteOptions {
  // kThreads: a writer thread and reader threads. kInline: verbs run on the loop of their caller, one group a turn of
  // it, so that a simulation repeats exactly.
  enum class Execution { kThreads, kInline };

  std::string path;
  Execution execution = Execution::kThreads;
  int readers = 2;
  // Off only if a test's file need not survive a crash of the machine (synchronous=OFF).
  Switch durable = Switch::kOn;
  ConfigLimits config_limits = {};
  // How many positions a block of what is owed begins with (owed_rows.h), and how many rows a step of a discard writes
  // (cancelations.h). Tests have less, to meet both with few deliveries.
  std::size_t owed_block = 256;
  std::size_t discard_step_rows = 1'000;
  // Gets the store's counters; null: nobody asks for them. It outlives the store.
  prometheus::Registry* metrics = nullptr;
  // For tests: called before each commit; if it returns true, the commit fails as on a full disk.
  std::function<bool()> fail_commit = {};
};

// The error is one line for the operator that names the file. `box` and `random` outlive the store; `random` is the
// writer's own.
std::expected<std::unique_ptr<Store>, std::string> OpenSqliteStore(SqliteOptions options, const SecretBox& box,
                                                                   Clock& clock, Random& random);

}  // namespace shakehook
