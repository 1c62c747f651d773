#include "api/http/idempotent.h"

#include <algorithm>
#include <charconv>

#include "base/check.h"
#include "base/loop_turn.h"
#include "base/sha256_stream.h"

namespace shakehook {
namespace {

// Removes the next line of `text` and returns it, without its end.
std::string_view TakeLine(std::string_view& text) {
  const std::size_t end = text.find('\n');
  CHECK(end != std::string_view::npos);
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(end + 1);
  return line;
}

}  // namespace

std::optional<RunningPosts::Hold> RunningPosts::Enter(const Digest& key) {
  const MutexLock lock(mutex_);
  if (!keys_.insert(key).second) return std::nullopt;
  return Hold(*this, key);
}

void RunningPosts::Leave(const Digest& key) {
  const MutexLock lock(mutex_);
  keys_.erase(key);
}

std::expected<IdempotentPost, Problem> IdempotentPost::Read(std::string_view idempotency_key, const Uuid& credential,
                                                            const HttpRequest& request, Timestamp now) {
  const auto visible = [](char c) { return c > ' ' && c < '\x7f'; };
  if (idempotency_key.empty() || idempotency_key.size() > kIdempotencyKeyBytesMax ||
      !std::ranges::all_of(idempotency_key, visible)) {
    return std::unexpected(
        Invalid("Idempotency-Key", {"bad_idempotency_key", "must be 1 to 255 visible ASCII characters"}));
  }
  // A path contains no line feed, and the credential's text has a fixed length: two different requests never give the
  // same text.
  std::string named = credential.ToString();
  named += '\n';
  named += request.path;
  named += '\n';
  named += idempotency_key;
  return IdempotentPost{.key = Sha256(named), .at = now};
}

Async<Digest> RequestDigest(Loop& loop, std::string_view idempotency_key, const HttpRequest& request) {
  constexpr std::size_t kBytesPerTurn = 1024 * 1024;
  Sha256Stream digest;
  // A body may contain a password. The digest includes the Idempotency-Key, which is not kept, so it reveals nothing
  // about it.
  digest.Add(idempotency_key);
  if (!request.query.empty()) {
    digest.Add("?");
    digest.Add(request.query);
  }
  digest.Add("\n");
  for (std::string_view left = request.body; !left.empty();) {
    const std::string_view piece = left.substr(0, kBytesPerTurn);
    left.remove_prefix(piece.size());
    digest.Add(piece);
    if (!left.empty()) co_await NextTurn(loop);
  }
  co_return digest.Finish();
}

// status, then a line per header, an empty line, the body.
std::string WriteResponse(const HttpResponse& response) {
  std::string text = std::to_string(response.status);
  text += '\n';
  for (const auto& [name, value] : response.headers) {
    text += name;
    text += ": ";
    text += value;
    text += '\n';
  }
  text += '\n';
  text += response.body;
  return text;
}

HttpResponse ReadResponse(std::string_view text) {
  HttpResponse response;
  const std::string_view status = TakeLine(text);
  std::from_chars(status.data(), status.data() + status.size(), response.status);
  for (std::string_view line = TakeLine(text); !line.empty(); line = TakeLine(text)) {
    const std::size_t colon = line.find(": ");
    CHECK(colon != std::string_view::npos);
    response.headers.emplace_back(line.substr(0, colon), line.substr(colon + 2));
  }
  response.body = text;
  return response;
}

}  // namespace shakehook
