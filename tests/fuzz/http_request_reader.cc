// Requests to the API on one connection are read the same in whatever pieces they come, and a request that two servers
// could read differently is refused.
#include "net/http_request_reader.h"

#include <fuzzer/FuzzedDataProvider.h>

#include <algorithm>
#include <vector>

#include "base/check.h"
#include "pieces.h"

namespace shakehook {
namespace {

constexpr std::size_t kHeadBytesMax = 4096;
constexpr std::size_t kBodyBytesMax = 2048;
constexpr std::size_t kRequestsMax = 16;

struct Outcome {
  std::vector<std::string> requests;
  RequestProblem problem{.status = 0};

  bool operator==(const Outcome&) const = default;
};

std::string Describe(const RequestHead& head) {
  const HttpRequest& request = head.request;
  std::string text = request.method + ' ' + request.path + '?' + request.query + '\n';
  for (const auto& [name, value] : request.headers) text += name + ": " + value + '\n';
  return text + (head.keep_alive ? "keep\n" : "close\n") + request.body;
}

void CheckRequest(const HttpRequest& request) {
  CHECK(!request.method.empty());
  CHECK(request.path == "*" || request.path.starts_with('/'));
  CHECK(request.body.size() <= kBodyBytesMax);
  std::size_t lengths = 0;
  std::size_t codings = 0;
  for (const auto& [name, value] : request.headers) {
    CHECK(!name.empty());
    CHECK(std::ranges::none_of(name, [](char c) { return c <= ' ' || c == ':' || (c >= 'A' && c <= 'Z'); }));
    CHECK(value.find_first_of(std::string_view("\r\n\0", 3)) == std::string::npos);
    if (name == "content-length") ++lengths;
    if (name == "transfer-encoding") ++codings;
  }
  CHECK(lengths + codings <= 1);
}

Outcome Read(Pieces pieces) {
  using Progress = HttpRequestReader::Progress;
  HttpRequestReader reader(kHeadBytesMax);
  Outcome outcome;
  while (outcome.requests.size() < kRequestsMax) {
    Progress progress = reader.Next();
    for (;;) {
      if (progress == Progress::kHead) progress = reader.ReadBody(kBodyBytesMax);
      if (progress != Progress::kMore || pieces.empty()) break;
      progress = pieces.GiveTo(reader);
    }
    if (progress == Progress::kMore) break;  // the client is gone
    if (progress == Progress::kBad) {
      outcome.problem = reader.problem();
      CHECK(outcome.problem.status >= 400 && outcome.problem.status < 600 && !outcome.problem.detail.empty());
      break;
    }
    CHECK(progress == Progress::kDone);
    CheckRequest(reader.head().request);
    outcome.requests.push_back(Describe(reader.head()));
  }
  return outcome;
}

}  // namespace
}  // namespace shakehook

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace shakehook;
  FuzzedDataProvider input(data, size);
  const auto seed = input.ConsumeIntegral<std::uint32_t>();
  const std::string text = input.ConsumeRemainingBytesAsString();
  const Outcome whole = Read(Pieces(text));
  CHECK(whole == Read(Pieces(text, seed)));
  return 0;
}
