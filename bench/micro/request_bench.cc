// The cost of sending one delivery, without the store: its signature, its head, its place in the queue, its response.
#include <benchmark/benchmark.h>

#include <algorithm>

#include "base/digest.h"
#include "base/encoding.h"
#include "delivery/outcome.h"
#include "delivery/request_builder.h"
#include "delivery/webhook_queue.h"
#include "net/http_request_reader.h"
#include "net/response_reader.h"
#include "samples.h"

namespace shakehook::bench {
namespace {

constexpr Timestamp kThen = FromUnixMs(1'700'000'000'000);

void Signature(benchmark::State& state) {
  HmacKey key("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwMfKQ9r8GKYo=");
  const std::string payload(static_cast<std::size_t>(state.range(0)), 'x');
  for (auto _ : state) benchmark::DoNotOptimize(ToHex(key.Sign(payload)));
  state.SetBytesProcessed(state.iterations() * state.range(0));
}
BENCHMARK(Signature)->Arg(600)->Arg(4096)->Arg(65536);

void RequestHeaders(benchmark::State& state) {
  Webhook webhook = SampleWebhook(1, "venue123");
  if (state.range(0) == 1) webhook.standard_headers = Switch::kOn;
  RequestBuilder builder(webhook);
  const OwedDelivery delivery = SampleDelivery(1);
  for (auto _ : state) benchmark::DoNotOptimize(builder.Build(delivery, kThen));
}
BENCHMARK(RequestHeaders)->ArgName("standard")->Arg(0)->Arg(1);

// A delivery is added by a commit, started, ended and recorded, while `range(0)` others wait.
void Queue(benchmark::State& state) {
  WebhookQueue queue(Ordering::kRelaxed, Switch::kOn, WebhookQueue::Start::kEmpty);
  const OwedDelivery sample = SampleDelivery(1);
  std::int64_t position = 0;
  const auto add = [&] {
    OwedDelivery delivery = sample;
    delivery.key.position = {++position};
    delivery.resource = {position};
    queue.Add(std::move(delivery));
  };
  for (std::int64_t i = 0; i < state.range(0); ++i) add();
  for (auto _ : state) {
    add();
    const auto next = queue.Next(WebhookQueue::Which::kAny);
    queue.Ended(*next, std::nullopt);
    queue.Recorded(next->key.position);
  }
}
BENCHMARK(Queue)->ArgName("waiting")->Arg(0)->Arg(64)->Arg(4000);

constexpr std::string_view kNginxResponse =
    "HTTP/1.1 204 No Content\r\nServer: nginx/1.22.1\r\nDate: Mon, 01 Jan 2024 00:00:00 GMT\r\n"
    "Connection: keep-alive\r\n\r\n";
constexpr std::string_view kExpressResponse =
    "HTTP/1.1 200 OK\r\nX-Powered-By: Express\r\nContent-Type: application/json; charset=utf-8\r\n"
    "Content-Length: 17\r\nETag: W/\"11-IkjuL6CqqtmReFMfkkvwC0sKj1k\"\r\nDate: Mon, 01 Jan 2024 00:00:00 GMT\r\n"
    "Connection: keep-alive\r\nKeep-Alive: timeout=5\r\n\r\n{\"received\":true}";

void ParseResponse(benchmark::State& state) {
  const std::string_view text = state.range(0) == 0 ? kNginxResponse : kExpressResponse;
  ResponseReader reader;
  for (auto _ : state) {
    reader.Reset();
    std::ranges::copy(text, reader.Space().begin());
    reader.Commit(text.size());
    benchmark::DoNotOptimize(reader.TakeResponse());
  }
}
BENCHMARK(ParseResponse)->ArgName("express")->Arg(0)->Arg(1);

void ParseRequest(benchmark::State& state) {
  const std::string body = ContactJson(1);
  const std::string text =
      "POST /api/venues/venue123/contacts HTTP/1.1\r\nHost: 127.0.0.1:8080\r\nContent-Type: application/json\r\n"
      "Authorization: Bearer 0123456789012345678901234567890123456789\r\nContent-Length: " +
      std::to_string(body.size()) + "\r\n\r\n" + body;
  HttpRequestReader reader(16 * 1024);
  for (auto _ : state) {
    while (reader.Next() == HttpRequestReader::Progress::kMore) {
      std::ranges::copy(text, reader.Space().begin());
      if (reader.Commit(text.size()) == HttpRequestReader::Progress::kHead) reader.ReadBody(1 << 20);
      break;
    }
    benchmark::DoNotOptimize(reader.Take());
  }
}
BENCHMARK(ParseRequest);

void DecideOutcome(benchmark::State& state) {
  Exchange exchange;
  exchange.response = PostResponse{.status = 204, .reason = "No Content", .headers = "Server: nginx\r\n"};
  const OwedDelivery delivery = SampleDelivery(1);
  const RetrySchedule schedule;
  for (auto _ : state) benchmark::DoNotOptimize(Decide(exchange, delivery, schedule, kThen, 0.5));
}
BENCHMARK(DecideOutcome);

}  // namespace
}  // namespace shakehook::bench
