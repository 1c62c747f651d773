#include "store/sqlite/tables/attempt_columns.h"

namespace shakehook::sqlite {

AttemptValues::AttemptValues(const Attempt& attempt) : attempt_(attempt) {
  if (!attempt.response_body.empty()) body_ = Blob{attempt.response_body};
}

Attempt ReadAttempt(const Rows<AttemptColumns>& row) {
  return {.number = row.Get<"number">(),
          .trigger = row.Get<"attempt_trigger">(),
          .started_at = row.Get<"started_at">(),
          .duration = row.Get<"duration">(),
          .webhook_version = row.Get<"version">(),
          .status_code = row.Get<"status_code">(),
          .error = {row.Get<"failure">(), row.Get<"message">()},
          .signature = row.Get<"signature">(),
          .standard_signature = row.Get<"standard_signature">(),
          .response_headers = row.Get<"response_headers">(),
          .response_body = row.Get<"response_body">(),
          .response_truncated = row.Get<"response_truncated">(),
          .timings = {.dns = row.Get<"dns">(),
                      .connect = row.Get<"connect">(),
                      .tls = row.Get<"tls">(),
                      .first_byte = row.Get<"first_byte">()}};
}

}  // namespace shakehook::sqlite
