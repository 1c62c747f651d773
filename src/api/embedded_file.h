// EmbeddedFile is a file of the source tree that the binary carries (cmake/embed.cmake puts it there).
#pragma once

#include <span>
#include <string_view>

namespace shakehook {

struct EmbeddedFile {
  std::string_view path;  // in the folder it was embedded from: "docs/docs.css"
  std::string_view bytes;
  std::string_view sha256;  // hexadecimal; names this very content
};

// The description of the API and the page that shows it.
std::span<const EmbeddedFile> DocumentationFiles();

}  // namespace shakehook
