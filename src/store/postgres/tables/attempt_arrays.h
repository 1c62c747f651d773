// How attempts are bound to the columns that store/attempt_columns.h reads.
//
// Threads: any, one at a time.
#pragma once

#include <optional>
#include <string>

#include "model/delivery.h"
#include "store/postgres/engine/parameters.h"

namespace shakehook::postgres {

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
