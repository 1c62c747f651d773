// StoreReads has the verbs of the store that only read, in the order of store.h: each is one snapshot on a reader.
//
// Threads: as Store.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/secret_box.h"
#include "store/sqlite/readers.h"
#include "store/store.h"

namespace shakehook::sqlite {

// Adds to a page from this part of the session.
template <auto kPart, class Page>
Progress Continue(ReadSession& session, Page& listing) {
  return (session.*kPart).Continue(listing);
}

class StoreReads : public Store {
 public:
  explicit StoreReads(const SecretBox& box) : box_(box) {}

  Async<Stored<std::optional<Session>>> FindSession(Digest token_hash) override {
    return Read(Stranger(), [token_hash](ReadSession& session) { return session.sessions.Find(token_hash); });
  }

  Async<Stored<std::vector<Session>>> ListSessions(UserId user, Asker asker) override {
    return Read(std::move(asker), [user](ReadSession& session) { return session.sessions.List(user); });
  }

  Async<Stored<std::vector<ListedAuditEntry>>> ListAudit(AuditQuery query) override {
    return ReadPage<AuditListing>(std::move(query), Continue<&ReadSession::audit>);
  }

  Async<Stored<std::vector<OwedWebhook>>> ListOwed() override {
    return Read({}, [](ReadSession& session) { return session.deliveries.ListOwed(); });
  }

  Async<Stored<std::vector<OwedSinceWhen>>> ListOwedSince(WebhookNumber after, std::size_t limit) override {
    return Read({}, [after, limit](ReadSession& session) { return session.deliveries.ListOwedSince(after, limit); });
  }

  Async<Stored<OwedPage>> TakeOwed(Lease, WebhookNumber webhook, Position after, Ordering ordering,
                                   OwedPageLimit limit) override {
    return Read({},
                [=](ReadSession& session) { return session.deliveries.ReadFresh(webhook, after, ordering, limit); });
  }

  Async<Stored<OwedPage>> TakeDue(Lease, WebhookNumber webhook, Timestamp now, WhichDue which,
                                  OwedPageLimit limit) override {
    return Read({}, [=](ReadSession& session) { return session.deliveries.ReadDue(webhook, now, which, limit); });
  }

  Async<Stored<std::vector<ReplayId>>> ListRunningReplays() override {
    return Read({}, [](ReadSession& session) { return session.replays.ListRunning(); });
  }

  Async<Stored<std::vector<Import>>> ListRunningImports() override {
    return Read({}, [](ReadSession& session) { return session.imports.ListRunning(); });
  }

  Async<Stored<std::string>> ReadImportChunk(ImportId id, std::int64_t number) override {
    return Read({}, [id, number](ReadSession& session) { return session.imports.ReadChunk(id, number); });
  }

  Async<Stored<std::optional<Import>>> GetImport(ImportId id, Asker asker) override {
    return Read(std::move(asker), [id](ReadSession& session) { return session.imports.Find(id); });
  }

  Async<Stored<std::vector<Import>>> ListImports(VenueId venue, std::optional<ImportId> before, std::size_t limit,
                                                 Asker asker) override {
    return Read(std::move(asker), [venue = std::move(venue), before, limit](ReadSession& session) {
      return session.imports.List(venue, before, limit);
    });
  }

  Async<Stored<std::vector<RefusedRow>>> ListRefusedRows(ImportId id, std::int64_t after, std::size_t limit,
                                                         Asker asker) override {
    return Read(std::move(asker),
                [id, after, limit](ReadSession& session) { return session.imports.ListRefused(id, after, limit); });
  }

  Async<Stored<std::vector<std::optional<StoredResource>>>> GetResources(VenueId venue, ResourceKind kind,
                                                                         std::vector<ResourceId> ids,
                                                                         Asker asker) override {
    return Read(std::move(asker), [venue = std::move(venue), kind, ids = std::move(ids)](ReadSession& session) {
      return session.resources.Get(venue, kind, ids);
    });
  }

  Async<Stored<std::vector<StoredResource>>> ListResources(ResourceQuery query) override {
    return ReadPage<ResourceListing>(std::move(query), Continue<&ReadSession::resources>);
  }

  Async<Stored<std::vector<SortedResource>>> ListSortedResources(SortedResourceQuery query) override {
    return ReadPage<SortedResourceListing>(std::move(query), Continue<&ReadSession::sorted_resources>);
  }

  Async<Stored<std::optional<ListedEvent>>> GetEvent(EventId id, Asker asker) override {
    return Read(std::move(asker), [id](ReadSession& session) { return session.events.Find(id); });
  }

  Async<Stored<std::vector<ListedEvent>>> ListEvents(EventQuery query) override {
    return ReadPage<EventListing>(std::move(query), Continue<&ReadSession::event_list>);
  }

  Async<Stored<std::optional<DeliveryDetail>>> GetDelivery(DeliveryId id, Asker asker) override {
    return Read(std::move(asker), [id](ReadSession& session) { return session.deliveries.ReadDetail(id); });
  }

  Async<Stored<std::vector<Delivery>>> ListDeliveries(DeliveryQuery query) override {
    return ReadPage<DeliveryListing>(std::move(query), Continue<&ReadSession::delivery_list>);
  }

  Async<Stored<std::optional<Replay>>> GetReplay(ReplayId id, Asker asker) override {
    return Read(std::move(asker), [id](ReadSession& session) { return session.replays.Find(id); });
  }

  Async<Stored<std::vector<Replay>>> ListReplays(WebhookNumber webhook, std::optional<ReplayId> before,
                                                 std::size_t limit, Asker asker) override {
    return Read(std::move(asker), [webhook, before, limit](ReadSession& session) {
      return session.replays.List(webhook, before, limit);
    });
  }

  Async<Stored<std::vector<WebhookHealth>>> GetHealth(std::vector<WebhookNumber> webhooks, Asker asker) override {
    return Read(std::move(asker), [webhooks = std::move(webhooks)](ReadSession& session) {
      return ReadHealthOf(session.health, webhooks);
    });
  }

  Async<Stored<std::vector<std::vector<HourlyStatistics>>>> GetStatistics(std::vector<WebhookNumber> webhooks,
                                                                          Timestamp since, Timestamp until,
                                                                          Asker asker) override {
    return Read(std::move(asker), [webhooks = std::move(webhooks), since, until](ReadSession& session) {
      return session.statistics.Read(webhooks, since, until);
    });
  }

  Async<Stored<OwedSummary>> GetOwed(WebhookNumber webhook, Asker asker) override {
    return Read(std::move(asker), [webhook](ReadSession& session) { return session.statistics.ReadOwed(webhook); });
  }

  Async<Stored<std::optional<IdempotencyRecord>>> FindIdempotencyRecord(Digest key, Timestamp since,
                                                                        Asker asker) override {
    return Read(std::move(asker), [this, key, since](ReadSession& session) {
      return session.idempotency_records.Find(box_, key, since);
    });
  }

 protected:
  virtual Readers& readers() = 0;

  const SecretBox& box_;

 private:
  // Returns what `read` returns. Without an asker the read is one of the service's own.
  template <class F, class T = std::invoke_result_t<F&, ReadSession&>>
  Async<Stored<T>> Read(Asker asker, F read) {
    return readers().Run<T>(std::move(asker), Readers::Kind::kShort, std::move(read));
  }
  template <class Page>
  Async<Stored<decltype(Page::page)>> ReadPage(decltype(Page::query) query,
                                               Progress (*continue_page)(ReadSession&, Page&)) {
    return readers().RunPage<Page>(std::move(query), continue_page);
  }
};

}  // namespace shakehook::sqlite
