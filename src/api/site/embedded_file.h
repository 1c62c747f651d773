// EmbeddedFile is a file that the binary carries (cmake/embed.cmake puts it there).
#pragma once

#include <span>
#include <string_view>

namespace shakehook {

struct EmbeddedFile {
  std::string_view path;  // its path in the folder that it was embedded from: "docs/docs.css"
  std::string_view bytes;
  std::string_view sha256;  // hexadecimal; names this very content
};

// The description of the API: one file, openapi.json.
std::span<const EmbeddedFile> DescriptionFiles();

// The page that shows the description.
std::span<const EmbeddedFile> DocumentationFiles();

// The dashboard as web/ builds it, empty if it was not built. `index.html` has the text `{{nonce}}` where each response
// puts its own nonce; files that end in `.gz` or `.br` are served without that ending, with that Content-Encoding;
// names under `assets/` contain their content's hash.
std::span<const EmbeddedFile> DashboardFiles();

}  // namespace shakehook
