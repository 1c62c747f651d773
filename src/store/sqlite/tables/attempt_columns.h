// The columns of one attempt, which two tables have: an ended delivery's row (its last attempt, so that a delivery that
// succeeds at once is one row) and the attempt table (all others).
#pragma once

#include "model/delivery.h"
#include "store/sqlite/engine/select.h"

namespace shakehook::sqlite {

struct AttemptColumns
    : Columns<Column<"number", int>, Column<"attempt_trigger", AttemptTrigger>, Column<"started_at", Timestamp>,
              Column<"duration", Microseconds>, Column<"version", std::int64_t>,
              Column<"status_code", std::optional<int>>, Column<"failure", FailureClass>,
              Column<"message", std::string>, Column<"signature", Digest>, Column<"standard_signature", std::string>,
              Column<"response_headers", std::string>, Column<"response_body", std::string>,
              Column<"response_truncated", Switch>, Column<"dns", std::optional<Microseconds>>,
              Column<"connect", std::optional<Microseconds>>, Column<"tls", std::optional<Microseconds>>,
              Column<"first_byte", std::optional<Microseconds>>> {};

// An attempt's values, ready to be bound in the columns' order.
class AttemptValues {
 public:
  explicit AttemptValues(const Attempt& attempt);

  // Binds `leading` and then the columns, and runs the statement.
  template <class... Leading>
  void RunWith(Statement& statement, const Leading&... leading) const {
    statement.Run(leading..., attempt_.number, attempt_.trigger, attempt_.started_at, attempt_.duration,
                  attempt_.webhook_version, attempt_.status_code, attempt_.error.failure,
                  OrNull(attempt_.error.message), attempt_.signature, OrNull(attempt_.standard_signature),
                  OrNull(attempt_.response_headers), body_, attempt_.response_truncated, attempt_.timings.dns,
                  attempt_.timings.connect, attempt_.timings.tls, attempt_.timings.first_byte);
  }

 private:
  static std::optional<std::string_view> OrNull(const std::string& text) {
    if (text.empty()) return std::nullopt;
    return text;
  }

  const Attempt& attempt_;
  std::optional<Blob> body_;
};

// Precondition: `number` is not null.
Attempt ReadAttempt(const Rows<AttemptColumns>& row);

}  // namespace shakehook::sqlite
