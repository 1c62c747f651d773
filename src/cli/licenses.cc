#include "cli/licenses.h"

namespace shakehook {

std::string LicenseText() {
  std::string text;
  for (const EmbeddedFile& file : LicenseFiles()) {
    if (!text.empty()) text += "\n";
    text += file.bytes;
  }
  return text;
}

}  // namespace shakehook
