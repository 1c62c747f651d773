// Dashboard serves the single page application that the binary carries: its files under their paths, and index.html for
// every other path that a browser opens, because the application has its own routes.
//
// The page may load only its own files, cannot be framed, and runs no inline script. Styles that it makes itself carry
// a nonce, which is new in each response and which index.html contains; so that page is never cached.
//
// Threads: immutable.
#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>

#include "api/http/problem.h"
#include "api/site/embedded_file.h"
#include "base/random.h"

namespace shakehook {

class Dashboard {
 public:
  // `files`: as from DashboardFiles(). Precondition: there are none, or index.html is one of them.
  explicit Dashboard(std::span<const EmbeddedFile> files);

  // Tells whether the (still encoded) path is the dashboard's: any path that is neither the API's nor the inboxes', and
  // is well encoded.
  static bool Owns(std::string_view path);

  // The problem: 404 for a file that does not exist, 405 for a method other than GET and HEAD.
  ApiResponse Get(const HttpRequest& request, Random& random) const;

 private:
  struct File {
    const EmbeddedFile* plain = nullptr;
    const EmbeddedFile* gzip = nullptr;
    const EmbeddedFile* brotli = nullptr;
  };

  HttpResponse Page(Random& random) const;
  static HttpResponse FileResponse(const HttpRequest& request, std::string_view path, const File& file);

  std::map<std::string_view, File> files_;  // by path, without ".gz" and ".br"
};

}  // namespace shakehook
