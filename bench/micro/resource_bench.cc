// The cost of a contact in the API, before it is stored.
#include <benchmark/benchmark.h>

#include "base/json.h"
#include "base/random.h"
#include "model/payload.h"
#include "samples.h"

namespace shakehook::bench {
namespace {

constexpr Timestamp kThen = FromUnixMs(1'700'000'000'000);

void ParseContactJson(benchmark::State& state) {
  const std::string text = ContactJson(1);
  for (auto _ : state) benchmark::DoNotOptimize(ParseJson(text));
}
BENCHMARK(ParseContactJson);

void MergeContact(benchmark::State& state) {
  const auto patch = ParseJson(ContactJson(1));
  for (auto _ : state) {
    Resource contact(ResourceKind::kContact);
    benchmark::DoNotOptimize(Merge(contact, *patch, {}));
  }
}
BENCHMARK(MergeContact);

void ContactToData(benchmark::State& state) {
  const Resource contact = SampleContact(1);
  for (auto _ : state) benchmark::DoNotOptimize(ToData(contact));
}
BENCHMARK(ContactToData);

void BuildContactPayload(benchmark::State& state) {
  const std::string data = ToData(SampleContact(1));
  const VenueId venue{"venue123"};
  const std::optional<VenuesGroupId> group;
  for (auto _ : state) {
    benchmark::DoNotOptimize(BuildPayload({EventType::kContactCreated, kThen, venue, group, data}));
  }
}
BENCHMARK(BuildContactPayload);

void MakeUuid(benchmark::State& state) {
  SecureRandom random;
  for (auto _ : state) benchmark::DoNotOptimize(Uuid::MakeV7(kThen, random));
}
BENCHMARK(MakeUuid);

}  // namespace
}  // namespace shakehook::bench
