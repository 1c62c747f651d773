#include "store/sqlite/tables/attempt_columns.h"

#include <cstring>

#include "base/check.h"

namespace shakehook::sqlite {

AttemptValues::AttemptValues(const Attempt& attempt) : attempt_(attempt) {
  if (!attempt.response_body.empty()) body_ = Blob{attempt.response_body};
}

Attempt ReadAttempt(const Execution& row, int column) {
  const auto duration = [&](int offset) -> std::optional<Microseconds> {
    const auto value = row.OptionalInteger(column + offset);
    if (!value) return std::nullopt;
    return Microseconds(*value);
  };
  Attempt attempt;
  attempt.number = static_cast<int>(row.Integer(column));
  attempt.trigger = row.As<AttemptTrigger>(column + 1);
  attempt.started_at = row.Time(column + 2);
  attempt.duration = Microseconds(row.Integer(column + 3));
  attempt.webhook_version = row.Integer(column + 4);
  if (const auto status = row.OptionalInteger(column + 5)) attempt.status_code = static_cast<int>(*status);
  attempt.error = {row.As<FailureClass>(column + 6), std::string(row.Text(column + 7))};
  const std::string_view signature = row.Text(column + 8);
  CHECK(signature.size() == attempt.signature.size());
  std::memcpy(attempt.signature.data(), signature.data(), signature.size());
  attempt.standard_signature = row.Text(column + 9);
  attempt.response_headers = row.Text(column + 10);
  attempt.response_body = row.Text(column + 11);
  attempt.response_truncated = row.As<Switch>(column + 12);
  attempt.timings = {duration(13), duration(14), duration(15), duration(16)};
  return attempt;
}

}  // namespace shakehook::sqlite
