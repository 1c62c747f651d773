// A receiver's response is read the same in whatever pieces it comes.
#include "net/response_reader.h"

#include <fuzzer/FuzzedDataProvider.h>

#include "base/check.h"
#include "pieces.h"

namespace shakehook {
namespace {

struct Outcome {
  ResponseReader::Progress progress = ResponseReader::Progress::kMore;
  std::string failure;
  int status = 0;
  std::string reason, headers, body;
  bool truncated = false;

  bool operator==(const Outcome&) const = default;
};

Outcome Read(ResponseReader& reader, Pieces pieces) {
  auto progress = ResponseReader::Progress::kMore;
  while (progress == ResponseReader::Progress::kMore && !pieces.empty()) progress = pieces.GiveTo(reader);
  if (progress == ResponseReader::Progress::kMore) progress = reader.End();
  Outcome outcome{.progress = progress, .failure = reader.failure()};
  CHECK(progress != ResponseReader::Progress::kMore);
  if (progress == ResponseReader::Progress::kBad) {
    CHECK(!reader.failure().empty());
    return outcome;
  }
  CHECK(reader.has_head());
  auto response = reader.TakeResponse();
  CHECK(response.status >= 200 && response.status <= 999);
  CHECK(response.body.size() <= kKeptBodyBytes);
  CHECK(response.headers.empty() || response.headers.ends_with("\r\n"));
  CHECK(response.reason.find_first_of("\r\n") == std::string::npos);
  outcome.status = response.status;
  outcome.reason = std::move(response.reason);
  outcome.headers = std::move(response.headers);
  outcome.body = std::move(response.body);
  outcome.truncated = response.truncated;
  return outcome;
}

}  // namespace
}  // namespace shakehook

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace shakehook;
  FuzzedDataProvider input(data, size);
  // The seed of the pieces comes after the text, because FuzzedDataProvider takes integers from the end.
  const auto seed = input.ConsumeIntegral<std::uint32_t>();
  const std::string text = input.ConsumeRemainingBytesAsString();
  ResponseReader reader;
  const Outcome whole = Read(reader, Pieces(text));
  reader.Reset();  // the second on the same connection: nothing of the first is left
  CHECK(whole == Read(reader, Pieces(text, seed)));
  return 0;
}
