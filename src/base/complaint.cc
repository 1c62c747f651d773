#include "base/complaint.h"

#include <algorithm>

namespace shakehook {

Complaint Complaint::Restored(std::string_view code, std::string text, Json params) {
  Complaint complaint("invalid", "");
  const auto known = std::ranges::find(kComplaintCodes, code);
  if (known != kComplaintCodes.end()) complaint.code_ = *known;
  complaint.sentence_.text = std::move(text);
  if (params.object() != nullptr) complaint.sentence_.params = std::move(params);
  return complaint;
}

}  // namespace shakehook
