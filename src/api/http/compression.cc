#include "api/http/compression.h"

#include <algorithm>
#include <array>

#include "base/ascii.h"
#include "base/gzip.h"
#include "base/loop_turn.h"

namespace shakehook {
namespace {

constexpr std::size_t kPieceBytes = 32 * 1024;
constexpr std::size_t kPaddings = 64;
static_assert(kPaddings <= GzipWriter::kPaddingMax);
constexpr std::array<std::string_view, 4> kTypes = {"application/json", "text/csv", "text/plain", "text/html"};

// "q=0", "q=0.000": the client refuses the coding that they belong to.
bool IsRefused(std::string_view parameters) {
  const std::size_t at = parameters.find("q=");
  if (at == std::string_view::npos) return false;
  const std::string_view quality = Trimmed(parameters.substr(at + 2));
  return quality.starts_with('0') && quality.find_first_of("123456789") == std::string_view::npos;
}

std::string* Header(HttpResponse& response, std::string_view name) {
  const auto found = std::ranges::find(response.headers, name, &std::pair<std::string, std::string>::first);
  return found == response.headers.end() ? nullptr : &found->second;
}

bool IsCompressible(HttpResponse& response) {
  if (response.status != 200 || response.stream || Header(response, "Set-Cookie") != nullptr) return false;
  if (response.body.size() < ResponseCompressor::kBytesMin || response.body.size() > ResponseCompressor::kBytesMax) {
    return false;
  }
  if (Header(response, "Content-Encoding") != nullptr) return false;
  const std::string* const type = Header(response, "Content-Type");
  return type != nullptr &&
         std::ranges::any_of(kTypes, [&](std::string_view known) { return type->starts_with(known); });
}

// Counts one who compresses.
class Turnstile {
 public:
  explicit Turnstile(std::atomic<int>& count) : count_(count), before_(count.fetch_add(1, std::memory_order_relaxed)) {}
  ~Turnstile() { count_.fetch_sub(1, std::memory_order_relaxed); }
  Turnstile(const Turnstile&) = delete;
  Turnstile& operator=(const Turnstile&) = delete;

  int before() const { return before_; }

 private:
  std::atomic<int>& count_;
  const int before_;
};

}  // namespace

bool TakesCoding(const HttpRequest& request, std::string_view coding) {
  const auto list = request.HeaderList("accept-encoding");
  if (!list) return false;
  for (std::string_view rest = *list; !rest.empty();) {
    const std::size_t comma = std::min(rest.find(','), rest.size());
    const std::string_view item = rest.substr(0, comma);
    rest.remove_prefix(std::min(comma + 1, rest.size()));
    const std::size_t semicolon = std::min(item.find(';'), item.size());
    if (EqualIgnoringCase(Trimmed(item.substr(0, semicolon)), coding)) return !IsRefused(item.substr(semicolon));
  }
  return false;
}

Async<> ResponseCompressor::Compress(Loop& loop, const HttpRequest& request, Random& random, HttpResponse& response) {
  if (!IsCompressible(response)) co_return;
  response.headers.emplace_back("Vary", "Accept-Encoding");
  if (!TakesCoding(request, "gzip")) co_return;
  const Turnstile turnstile(running_);
  if (turnstile.before() >= kAtOnceMax) co_return;
  std::array<std::uint8_t, 1> chance;
  random.Fill(chance);
  GzipWriter writer(chance.front() % kPaddings);
  const std::string_view text = response.body;
  for (std::size_t at = 0; at < text.size(); at += kPieceBytes) {
    if (at > 0) co_await NextTurn(loop);
    writer.Write(text.substr(at, kPieceBytes));
  }
  response.body = writer.Finish();
  response.headers.emplace_back("Content-Encoding", "gzip");
  // The bytes are others than those that a strong tag would name.
  if (std::string* const etag = Header(response, "ETag"); etag != nullptr && etag->starts_with('"')) {
    etag->insert(0, "W/");
  }
}

}  // namespace shakehook
