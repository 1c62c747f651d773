// StoreSoFar is a PostgresStore for tests while that lacks verbs: a test that comes to one of these fails.
#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <optional>
#include <string>
#include <vector>

#include "store/notice_store.h"
#include "store/postgres/postgres_store.h"

namespace shakehook::postgres {

class StoreSoFar final : public PostgresStore {
 public:
  using PostgresStore::PostgresStore;

  NoticeStore& notices() override {
    ADD_FAILURE() << "PostgresStore has no notices yet";
    std::abort();
  }

 private:
  template <class T>
  static Async<Stored<T>> Lacks() {
    ADD_FAILURE() << "PostgresStore lacks this verb: its suite cannot be run on it yet";
    co_return std::unexpected(Refusal{});
  }
};

}  // namespace shakehook::postgres
