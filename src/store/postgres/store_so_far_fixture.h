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

  Async<Stored<DeliveryDetail>> OweTest(WebhookNumber, DeliveryId, SharedEvent,
                                        std::optional<IdempotencyRecordOf<DeliveryDetail>>) override {
    return Lacks<DeliveryDetail>();
  }
  Async<Stored<DeliveryDetail>> FinishTest(DeliveryId, IdempotencyRecordOf<DeliveryDetail>) override {
    return Lacks<DeliveryDetail>();
  }
  Async<Stored<Delivery>> Redeliver(DeliveryId, Timestamp, std::optional<IdempotencyRecordOf<Delivery>>) override {
    return Lacks<Delivery>();
  }
  Async<Stored<std::int64_t>> MakeRetriesDue(WebhookNumber, Timestamp, std::optional<AuditEntry>) override {
    return Lacks<std::int64_t>();
  }
  Async<Stored<std::int64_t>> Discard(WebhookNumber, Timestamp, std::optional<IdempotencyRecordOf<std::int64_t>>,
                                      std::optional<AuditEntry>) override {
    return Lacks<std::int64_t>();
  }
  Async<Stored<Erasure>> EraseHistory(VenueId, ResourceKind, ResourceId, std::optional<Position>,
                                      std::optional<AuditEntry>) override {
    return Lacks<Erasure>();
  }
  Async<Stored<Lease>> HoldLeases() override { return Lacks<Lease>(); }
  Async<Stored<std::vector<OwedWebhook>>> ListOwed() override { return Lacks<std::vector<OwedWebhook>>(); }
  Async<Stored<std::vector<OwedSinceWhen>>> ListOwedSince(WebhookNumber, std::size_t) override {
    return Lacks<std::vector<OwedSinceWhen>>();
  }
  Async<Stored<OwedPage>> TakeDue(Lease, WebhookNumber, Timestamp, WhichDue, OwedPageLimit) override {
    return Lacks<OwedPage>();
  }
  Async<Stored<Done>> Record(Lease, std::vector<AttemptResult>) override { return Lacks<Done>(); }
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
  Async<Stored<std::vector<ListedEvent>>> ListEvents(EventQuery) override { return Lacks<std::vector<ListedEvent>>(); }
  Async<Stored<std::optional<DeliveryDetail>>> GetDelivery(DeliveryId, Asker) override {
    return Lacks<std::optional<DeliveryDetail>>();
  }
  Async<Stored<std::vector<Delivery>>> ListDeliveries(DeliveryQuery) override { return Lacks<std::vector<Delivery>>(); }
  Async<Stored<std::optional<Replay>>> GetReplay(ReplayId, Asker) override { return Lacks<std::optional<Replay>>(); }
  Async<Stored<std::vector<Replay>>> ListReplays(WebhookNumber, std::optional<ReplayId>, std::size_t, Asker) override {
    return Lacks<std::vector<Replay>>();
  }
  Async<Stored<std::vector<std::vector<HourlyStatistics>>>> GetStatistics(std::vector<WebhookNumber>, Timestamp,
                                                                          Timestamp, Asker) override {
    return Lacks<std::vector<std::vector<HourlyStatistics>>>();
  }
  Async<Stored<OwedSummary>> GetOwed(WebhookNumber, Asker) override { return Lacks<OwedSummary>(); }
  NoticeStore& notices() override {
    ADD_FAILURE() << "PostgresStore has no notices yet";
    std::abort();
  }
  Async<Stored<std::int64_t>> Purge(Timestamp, Timestamp, std::size_t) override { return Lacks<std::int64_t>(); }

 private:
  template <class T>
  static Async<Stored<T>> Lacks() {
    ADD_FAILURE() << "PostgresStore lacks this verb: its suite cannot be run on it yet";
    co_return std::unexpected(Refusal{});
  }
};

}  // namespace shakehook::postgres
