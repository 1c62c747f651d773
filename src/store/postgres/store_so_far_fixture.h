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

  Async<Stored<Erasure>> EraseHistory(VenueId, ResourceKind, ResourceId, std::optional<Position>,
                                      std::optional<AuditEntry>) override {
    return Lacks<Erasure>();
  }
  Async<Stored<std::int64_t>> CountReplay(WebhookNumber, ReplayFilter, Asker) override { return Lacks<std::int64_t>(); }
  Async<Stored<Done>> StartReplay(Replay, std::optional<IdempotencyRecordOf<Done>>,
                                  std::optional<AuditEntry>) override {
    return Lacks<Done>();
  }
  Async<Stored<Replay>> CancelReplay(ReplayId, Timestamp, std::optional<IdempotencyRecordOf<Replay>>,
                                     std::optional<AuditEntry>) override {
    return Lacks<Replay>();
  }
  Async<Stored<std::vector<ReplayId>>> ListRunningReplays() override { return Lacks<std::vector<ReplayId>>(); }
  Async<Stored<ReplayStep>> ContinueReplay(ReplayId, Timestamp) override { return Lacks<ReplayStep>(); }
  Async<Stored<Done>> AddImportChunk(ImportId, VenueId, std::int64_t, std::string) override { return Lacks<Done>(); }
  Async<Stored<Done>> StartImport(Import, std::optional<IdempotencyRecordOf<Done>>, AuditEntry) override {
    return Lacks<Done>();
  }
  Async<Stored<Import>> CancelImport(ImportId, Timestamp, std::optional<IdempotencyRecordOf<Import>>,
                                     std::optional<AuditEntry>) override {
    return Lacks<Import>();
  }
  Async<Stored<std::vector<Import>>> ListRunningImports() override { return Lacks<std::vector<Import>>(); }
  Async<Stored<std::string>> ReadImportChunk(ImportId, std::int64_t) override { return Lacks<std::string>(); }
  Async<Stored<ImportProgress>> MoveImport(ImportStep, std::vector<ResourceChange>) override {
    return Lacks<ImportProgress>();
  }
  Async<Stored<std::optional<Import>>> GetImport(ImportId, Asker) override { return Lacks<std::optional<Import>>(); }
  Async<Stored<std::vector<Import>>> ListImports(VenueId, std::optional<ImportId>, std::size_t, Asker) override {
    return Lacks<std::vector<Import>>();
  }
  Async<Stored<std::vector<RefusedRow>>> ListRefusedRows(ImportId, std::int64_t, std::size_t, Asker) override {
    return Lacks<std::vector<RefusedRow>>();
  }
  Async<Stored<std::vector<SortedResource>>> ListSortedResources(SortedResourceQuery) override {
    return Lacks<std::vector<SortedResource>>();
  }
  Async<Stored<std::optional<Replay>>> GetReplay(ReplayId, Asker) override { return Lacks<std::optional<Replay>>(); }
  Async<Stored<std::vector<Replay>>> ListReplays(WebhookNumber, std::optional<ReplayId>, std::size_t, Asker) override {
    return Lacks<std::vector<Replay>>();
  }
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
