// The columns of one attempt, which two tables have: an ended delivery's row (the attempt that ended it, so that a
// delivery that succeeds at once is one row) and the table attempt (all others). `Row` reads a column by its name: a
// row of either database.
//
// Threads: those of the row.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "model/delivery.h"
#include "store/columns.h"

namespace shakehook {

// The texts of the receiver are bytes: they may be no UTF-8.
struct AttemptColumns
    : Columns<Column<"number", int>, Column<"attempt_trigger", AttemptTrigger>, Column<"started_at", Timestamp>,
              Column<"duration", Microseconds>, Column<"version", std::int64_t>,
              Column<"status_code", std::optional<int>>, Column<"failure", FailureClass>,
              Column<"message", std::optional<std::string>>, Column<"signature", Digest>,
              Column<"standard_signature", std::optional<std::string>>,
              Column<"response_headers", std::optional<std::string>>,
              Column<"response_body", std::optional<std::string>>, Column<"response_truncated", Switch>,
              Column<"dns", std::optional<Microseconds>>, Column<"connect", std::optional<Microseconds>>,
              Column<"tls", std::optional<Microseconds>>, Column<"first_byte", std::optional<Microseconds>>> {};

// Precondition: `number` is not null.
template <class Row>
Attempt ReadAttempt(const Row& row) {
  return {.number = row.template Get<"number">(),
          .trigger = row.template Get<"attempt_trigger">(),
          .started_at = row.template Get<"started_at">(),
          .duration = row.template Get<"duration">(),
          .webhook_version = row.template Get<"version">(),
          .status_code = row.template Get<"status_code">(),
          .error = {row.template Get<"failure">(), row.template Get<"message">().value_or("")},
          .signature = row.template Get<"signature">(),
          .standard_signature = row.template Get<"standard_signature">().value_or(""),
          .response_headers = row.template Get<"response_headers">().value_or(""),
          .response_body = row.template Get<"response_body">().value_or(""),
          .response_truncated = row.template Get<"response_truncated">(),
          .timings = {.dns = row.template Get<"dns">(),
                      .connect = row.template Get<"connect">(),
                      .tls = row.template Get<"tls">(),
                      .first_byte = row.template Get<"first_byte">()}};
}

}  // namespace shakehook
