// The cost of storing changes and the results of attempts.
#include <benchmark/benchmark.h>
#include <stdlib.h>

#include <filesystem>

#include "../store/open_store.h"
#include "samples.h"

namespace shakehook::bench {
namespace {

// The time of a match must not grow with the webhooks of other venues.
void Match(benchmark::State& state) {
  ConfigCache config_cache;
  const auto webhooks = state.range(0);
  for (std::int64_t i = 0; i < webhooks; ++i) {
    const std::string id = "venue" + std::to_string(i);
    auto venue = std::make_shared<Venue>();
    venue->id = {id};
    config_cache.Put(SharedVenue(venue));
    config_cache.Put(std::make_shared<const Webhook>(SampleWebhook(i + 1, id)));
  }
  std::int64_t next = 0;
  for (auto _ : state) {
    const auto venue = config_cache.FindVenue({"venue" + std::to_string(next++ % webhooks)});
    benchmark::DoNotOptimize(config_cache.Match(*venue, EventType::kContactCreated));
  }
}
BENCHMARK(Match)->ArgName("webhooks")->Arg(1)->Arg(1'000)->Arg(100'000);

class OwedDeliveries final : public CommitListener {
 public:
  void OnCommit(const Commit& commit) override {
    for (const Commit::Owed& entry : commit.owed) owed.push_back(entry.delivery);
  }
  std::vector<OwedDelivery> owed;
};

// A folder with a venue and this many webhooks on it.
class StoreOfOneVenue {
 public:
  explicit StoreOfOneVenue(std::int64_t webhooks, Switch durable = Switch::kOff)
      : folder_(MakeFolder()), open_(folder_, clock_, durable) {
    open_.store().AddListener(heard);
    Venue venue;
    venue.id = {"venue123"};
    venue.name = "Venue";
    open_.Run(open_.store().SaveConfig({ConfigPut<Venue>{venue}}, std::nullopt));
    for (std::int64_t i = 0; i < webhooks; ++i) {
      open_.Run(open_.store().SaveConfig({ConfigPut<Webhook>{SampleWebhook(i + 1, "venue123")}}, std::nullopt));
    }
    revision_ = open_.store().config_cache().RevisionOf(venue.id);
  }
  ~StoreOfOneVenue() { std::filesystem::remove_all(folder_); }

  std::vector<ResourceChange> MakeChanges(std::int64_t count) {
    std::vector<ResourceChange> changes;
    for (; count > 0; --count) {
      const SharedEvent sample = SampleEvent(next_++);
      ResourceChange change{.venue_id = {"venue123"},
                            .kind = ResourceKind::kContact,
                            .id = {sample->resource_id},
                            .revision = revision_,
                            .data = sample->payload,
                            .email = "someone." + std::to_string(next_) + "@example.com",
                            .search = "someone number " + std::to_string(next_) + " someone." + std::to_string(next_) +
                                      "@example.com +33612345678 +33145678901 01932512-a840-7550-bd4d-ba0254ef1490",
                            .name = "number " + std::to_string(next_ * 7919 % 1'000'000),
                            .created_at = clock_.Now()};
      auto event = std::make_shared<Event>(*sample);
      const Uuid id = Uuid::MakeV7(clock_.Now(), open_.random());
      event->id = {id};
      event->resource_id = {id.ToString()};
      change.id = event->resource_id;
      change.event = std::move(event);
      changes.push_back(std::move(change));
    }
    return changes;
  }
  void Apply(std::vector<ResourceChange> changes) { open_.Run(open_.store().Apply(std::move(changes), std::nullopt)); }
  void Record() {
    std::vector<AttemptResult> results;
    for (const OwedDelivery& delivery : heard.owed) {
      AttemptResult result{.key = delivery.key, .id = delivery.id, .created_at = delivery.created_at};
      result.attempt.started_at = result.ended_at = clock_.Now();
      result.attempt.duration = Microseconds(900);
      result.attempt.status_code = 204;
      result.attempt.signature.fill(0xaa);
      result.attempt.response_headers = "Server: nginx/1.22.1\r\nConnection: keep-alive\r\n";
      result.attempt.timings.first_byte = Microseconds(800);
      results.push_back(std::move(result));
    }
    heard.owed.clear();
    open_.Run(open_.store().Record({}, std::move(results)));
  }

  OwedDeliveries heard;

 private:
  static std::string MakeFolder() {
    std::string folder = (std::filesystem::temp_directory_path() / "bench_micro_XXXXXX").string();
    return ::mkdtemp(folder.data());
  }

  SystemClock clock_;
  const std::string folder_;
  OpenStore open_;
  std::uint64_t revision_ = 0;
  std::uint64_t next_ = 1;
};

constexpr std::int64_t kBatch = 200;

// 200 creations and one commit, without waiting for the disk; a unit is one creation with its deliveries.
void StoreCreate(benchmark::State& state) {
  StoreOfOneVenue store(state.range(0));
  for (auto _ : state) {
    state.PauseTiming();
    auto changes = store.MakeChanges(kBatch);
    store.heard.owed.clear();
    state.ResumeTiming();
    store.Apply(std::move(changes));
  }
  state.SetItemsProcessed(state.iterations() * kBatch);
}
BENCHMARK(StoreCreate)->ArgName("webhooks")->Arg(0)->Arg(1)->Arg(10)->Unit(benchmark::kMicrosecond);

// The same, each commit on the disk; the time of the processor tells what gathering the log's writes is worth.
void StoreCreateDurably(benchmark::State& state) {
  StoreOfOneVenue store(1, Switch::kOn);
  for (auto _ : state) {
    state.PauseTiming();
    auto changes = store.MakeChanges(state.range(0));
    store.heard.owed.clear();
    state.ResumeTiming();
    store.Apply(std::move(changes));
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(StoreCreateDurably)->ArgName("batch")->Arg(1)->Arg(30)->Arg(200)->Unit(benchmark::kMicrosecond);

// Stores the results of the deliveries of 200 creations, in one commit; a unit is one delivery.
void StoreRecord(benchmark::State& state) {
  StoreOfOneVenue store(state.range(0));
  for (auto _ : state) {
    state.PauseTiming();
    store.Apply(store.MakeChanges(kBatch));
    state.ResumeTiming();
    store.Record();
  }
  state.SetItemsProcessed(state.iterations() * kBatch * state.range(0));
}
BENCHMARK(StoreRecord)->ArgName("webhooks")->Arg(1)->Arg(10)->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace shakehook::bench
