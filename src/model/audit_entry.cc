#include "model/audit_entry.h"

#include <algorithm>

namespace shakehook {

std::optional<AuditAction> ParseAuditAction(std::string_view text) {
  const auto found = std::ranges::find(kAuditActionNames, text);
  if (found == kAuditActionNames.end()) return std::nullopt;
  return static_cast<AuditAction>(found - kAuditActionNames.begin());
}

}  // namespace shakehook
