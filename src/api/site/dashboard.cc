#include "api/site/dashboard.h"

#include <algorithm>
#include <array>

#include "api/http/compression.h"
#include "api/http/etag.h"
#include "api/http/percent_coding.h"
#include "base/check.h"
#include "base/encoding.h"

namespace shakehook {
namespace {

constexpr std::string_view kIndex = "index.html";
constexpr std::string_view kNoncePlace = "{{nonce}}";
constexpr std::size_t kNonceBytes = 16;
constexpr std::size_t kEtagDigits = 16;
constexpr std::string_view kGzipEnd = ".gz";
constexpr std::string_view kBrotliEnd = ".br";

// Files in this folder have a hash of their content in their name.
constexpr std::string_view kHashedFolder = "assets/";
constexpr std::string_view kKeptForever = "public, max-age=31536000, immutable";
constexpr std::string_view kRevalidated = "no-cache";

constexpr std::string_view kNotBuilt =
    "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>Shakehook</title></head><body>"
    "<h1>Shakehook</h1><p>This binary was built without its dashboard. "
    "The API is described at <a href=\"/docs\">/docs</a>.</p></body></html>\n";

// Paths that do not belong to the dashboard, with all below them.
constexpr std::array<std::string_view, 7> kOthers = {"/api",     "/inbox",  "/docs",   "/openapi.json",
                                                     "/healthz", "/readyz", "/metrics"};

struct NamedType {
  std::string_view end;
  std::string_view type;
};
constexpr std::array<NamedType, 12> kTypes = {{{".html", "text/html; charset=utf-8"},
                                               {".js", "text/javascript; charset=utf-8"},
                                               {".css", "text/css; charset=utf-8"},
                                               {".svg", "image/svg+xml"},
                                               {".json", "application/json"},
                                               {".webmanifest", "application/manifest+json"},
                                               {".woff2", "font/woff2"},
                                               {".png", "image/png"},
                                               {".ico", "image/x-icon"},
                                               {".webp", "image/webp"},
                                               {".txt", "text/plain; charset=utf-8"},
                                               {".map", "application/json"}}};

std::string_view TypeOf(std::string_view path) {
  const auto named = std::ranges::find_if(kTypes, [&](const NamedType& type) { return path.ends_with(type.end); });
  return named == kTypes.end() ? "application/octet-stream" : named->type;
}

bool HeaderNames(const HttpRequest& request, std::string_view header, std::string_view word) {
  const auto list = request.HeaderList(header);
  return list && list->find(word) != std::string::npos;
}

// Scripts and styles get no policy, as no browser obeys it: the page's holds for them. A picture may be opened by
// itself.
bool IsPartOfAPage(std::string_view path) { return path.ends_with(".js") || path.ends_with(".css"); }

// `nonce` empty: the page makes no styles.
std::string Policy(std::string_view nonce) {
  std::string policy = "default-src 'none'; script-src 'self'; style-src 'self'";
  if (!nonce.empty()) (policy += " 'nonce-").append(nonce) += '\'';
  policy +=
      "; img-src 'self' data:; font-src 'self'; connect-src 'self'; manifest-src 'self'; base-uri 'none'; "
      "form-action 'none'; frame-ancestors 'none'";
  return policy;
}

HttpResponse Respond(std::string_view path, std::string_view caching, std::string_view nonce) {
  HttpResponse response;
  response.headers = {{"Content-Type", std::string(TypeOf(path))},
                      {"Cache-Control", std::string(caching)},
                      {"Referrer-Policy", "no-referrer"},
                      {"Cross-Origin-Resource-Policy", "same-origin"}};
  if (IsPartOfAPage(path)) return response;
  response.headers.emplace_back("Content-Security-Policy", Policy(nonce));
  response.headers.emplace_back("X-Frame-Options", "DENY");  // for browsers that know no frame-ancestors
  response.headers.emplace_back("Cross-Origin-Opener-Policy", "same-origin");
  return response;
}

}  // namespace

Dashboard::Dashboard(std::span<const EmbeddedFile> files) {
  for (const EmbeddedFile& file : files) {
    if (file.path.ends_with(kGzipEnd)) {
      files_[file.path.substr(0, file.path.size() - kGzipEnd.size())].gzip = &file;
    } else if (file.path.ends_with(kBrotliEnd)) {
      files_[file.path.substr(0, file.path.size() - kBrotliEnd.size())].brotli = &file;
    } else {
      files_[file.path].plain = &file;
    }
  }
  CHECK(files_.empty() || (files_.contains(kIndex) && files_[kIndex].plain != nullptr));
}

bool Dashboard::Owns(std::string_view path) {
  if (path.find('%') != std::string_view::npos) {
    const auto decoded = PercentDecode(path, PlusSign::kItself);
    return decoded && decoded->find('%') == std::string::npos && Owns(*decoded);
  }
  if (!path.starts_with('/')) return false;
  return std::ranges::none_of(kOthers, [&](std::string_view other) {
    return path.starts_with(other) && (path.size() == other.size() || path[other.size()] == '/');
  });
}

ApiResponse Dashboard::Get(const HttpRequest& request, Random& random) const {
  if (request.method != "GET" && request.method != "HEAD") {
    return std::unexpected(
        Problem("method-not-allowed", "This path can only be read, with GET or HEAD.").With("Allow", "GET, HEAD"));
  }
  const std::string_view path = std::string_view(request.path).substr(1);
  if (path.empty() || path == kIndex) return Page(random);
  if (const auto file = files_.find(path); file != files_.end()) return FileResponse(request, path, file->second);
  if (path.starts_with(kHashedFolder) || !HeaderNames(request, "accept", "text/html")) {
    return std::unexpected(NotFound("path"));
  }
  return Page(random);
}

HttpResponse Dashboard::Page(Random& random) const {
  std::array<std::uint8_t, kNonceBytes> bytes;
  random.Fill(bytes);
  const std::string nonce = ToBase64Url(bytes);
  HttpResponse response = Respond(kIndex, "no-store", nonce);
  response.body = files_.empty() ? kNotBuilt : files_.at(kIndex).plain->bytes;
  for (std::size_t at = response.body.find(kNoncePlace); at != std::string::npos;
       at = response.body.find(kNoncePlace, at + nonce.size())) {
    response.body.replace(at, kNoncePlace.size(), nonce);
  }
  return response;
}

// The smallest that the client accepts; the plain file, or else the compressed one, for who accepts none.
HttpResponse Dashboard::FileResponse(const HttpRequest& request, std::string_view path, const File& file) {
  const bool brotli = file.brotli != nullptr && TakesCoding(request, "br");
  const bool gzip = !brotli && file.gzip != nullptr && (TakesCoding(request, "gzip") || file.plain == nullptr);
  const EmbeddedFile& chosen = brotli ? *file.brotli : gzip ? *file.gzip : *file.plain;
  HttpResponse response = Respond(path, path.starts_with(kHashedFolder) ? kKeptForever : kRevalidated, /*nonce=*/{});
  const std::string etag = "\"" + std::string(chosen.sha256.substr(0, kEtagDigits)) + "\"";
  response.headers.emplace_back("ETag", etag);
  if (file.gzip != nullptr || file.brotli != nullptr) response.headers.emplace_back("Vary", "Accept-Encoding");
  if (IsKnown(request, etag)) {
    response.status = 304;
    return response;
  }
  if (brotli || gzip) response.headers.emplace_back("Content-Encoding", brotli ? "br" : "gzip");
  response.body = chosen.bytes;
  return response;
}

}  // namespace shakehook
