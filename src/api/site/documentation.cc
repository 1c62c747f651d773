// /openapi.json and /docs: the description of the API, and a page that draws it. Both are in the binary, and the page
// needs nothing from elsewhere.
#include <algorithm>
#include <array>
#include <string>

#include "api/all_routes.h"
#include "api/http/etag.h"
#include "api/site/embedded_file.h"
#include "base/check.h"

namespace shakehook {
namespace {

// The page may load its own script, style and the description; it is framed by nobody.
constexpr std::string_view kPagePolicy =
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'";
// Revalidated each time, by ETag: a new binary is a new page.
constexpr std::string_view kCaching = "no-cache";

constexpr std::string_view kVersionInFile = R"("version": "0.0.0")";

const EmbeddedFile& FindFile(std::string_view path) {
  const auto files = DocumentationFiles();
  const auto found = std::ranges::find(files, path, &EmbeddedFile::path);
  CHECK(found != files.end());
  return *found;
}

HttpResponse FileResponse(const HttpRequest& request, const EmbeddedFile& file, std::string_view content_type) {
  const std::string etag = "\"" + std::string(file.sha256) + "\"";
  HttpResponse response{.status = IsKnown(request, etag) ? 304 : 200};
  response.headers = {{"Content-Type", std::string(content_type)},
                      {"Cache-Control", std::string(kCaching)},
                      {"ETag", etag},
                      {"Content-Security-Policy", std::string(kPagePolicy)},
                      {"Referrer-Policy", "no-referrer"}};
  if (response.status == 200) response.body = file.bytes;
  return response;
}

// The file, with the program's version in it.
std::string Description(const std::string& version) {
  std::string text(DescriptionFiles().front().bytes);
  const std::size_t at = text.find(kVersionInFile);
  CHECK(at != std::string::npos);
  std::string line = "\"version\": ";
  AppendJsonText(line, version);
  text.replace(at, kVersionInFile.size(), line);
  return text;
}

Async<ApiResponse> GetDescription(ApiServices&, ApiRequest&, const std::string& description) {
  HttpResponse response{.body = description};
  response.headers = {{"Content-Type", "application/json"}, {"Cache-Control", std::string(kCaching)}};
  co_return response;
}

Async<ApiResponse> GetPage(ApiServices&, ApiRequest& request) {
  co_return FileResponse(request.http, FindFile("docs/docs.html"), "text/html; charset=utf-8");
}

Async<ApiResponse> GetPagePart(ApiServices&, ApiRequest& request) {
  const std::string& name = request.Path("file");
  if (name == "docs.css") co_return FileResponse(request.http, FindFile("docs/docs.css"), "text/css; charset=utf-8");
  if (name == "docs.js") {
    co_return FileResponse(request.http, FindFile("docs/docs.js"), "text/javascript; charset=utf-8");
  }
  co_return std::unexpected(NotFound("file"));
}

}  // namespace

void AddDocumentationRoutes(Router& router, ApiServices& services) {
  router.Add({"GET", "/openapi.json", Access::kOpen,
              [description = Description(services.options.version)](ApiServices& all, ApiRequest& request) {
                return GetDescription(all, request, description);
              }});
  router.Add({"GET", "/docs", Access::kOpen, GetPage});
  router.Add({"GET", "/docs/{file}", Access::kOpen, GetPagePart});
}

}  // namespace shakehook
