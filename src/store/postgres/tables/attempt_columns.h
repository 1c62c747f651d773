// The columns of one attempt, which two tables have: an ended delivery's row (the attempt that ended it, so that a
// delivery that succeeds at once is one row) and the table attempt (all others).
//
// Threads: any, one at a time.
#pragma once

#include <optional>
#include <string>

#include "model/delivery.h"
#include "store/postgres/engine/parameters.h"
#include "store/postgres/engine/result.h"

namespace shakehook::postgres {

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

Attempt ReadAttempt(const Row<AttemptColumns>& row);

// Attempts column by column, as a statement unnests them.
class AttemptArrays {
 public:
  // Null: the row has none.
  void Add(const Attempt* attempt);
  // Binds the columns in the order of AttemptColumns.
  void BindTo(Parameters& parameters) const;
  // Returns the arguments of unnest, if the first of these parameters is $first.
  static std::string Arguments(int first);

 private:
  ArrayOf<std::optional<int>> numbers_;
  ArrayOf<std::optional<AttemptTrigger>> triggers_;
  ArrayOf<std::optional<Timestamp>> started_at_;
  ArrayOf<std::optional<Microseconds>> durations_;
  ArrayOf<std::optional<std::int64_t>> versions_;
  ArrayOf<std::optional<int>> status_codes_;
  ArrayOf<std::optional<FailureClass>> failures_;
  ArrayOf<std::optional<Blob>> messages_;
  ArrayOf<std::optional<Digest>> signatures_;
  ArrayOf<std::optional<std::string_view>> standard_signatures_;
  ArrayOf<std::optional<Blob>> response_headers_, response_bodies_;
  ArrayOf<std::optional<Switch>> truncated_;
  ArrayOf<std::optional<Microseconds>> dns_, connect_, tls_, first_byte_;
};

}  // namespace shakehook::postgres
