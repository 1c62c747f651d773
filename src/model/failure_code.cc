#include "model/failure_code.h"

namespace shakehook {

std::string_view FailureCode(FailureClass failure, std::optional<int> status) {
  if (failure != FailureClass::kStatus || !status) return ToString(failure);
  switch (*status) {
    case 400:
      return "bad_request";
    case 401:
      return "unauthorized";
    case 403:
      return "forbidden";
    case 404:
      return "not_found";
    case 405:
      return "method_not_allowed";
    case kGoneStatus:
      return "gone";
    case 413:
      return "too_large";
    case 415:
      return "unsupported_media_type";
    case 429:
      return "too_many_requests";
    default:
      break;
  }
  if (*status >= 300 && *status <= 399) return "redirect";
  if (*status >= 400 && *status <= 499) return "client_error";
  return *status >= 500 && *status <= 599 ? "server_error" : "status";
}

}  // namespace shakehook
