// How an attempt is bound to the columns that store/attempt_columns.h reads.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "model/delivery.h"
#include "store/sqlite/engine/sqlite.h"

namespace shakehook::sqlite {

// An attempt's values, ready to be bound in the columns' order.
class AttemptValues {
 public:
  explicit AttemptValues(const Attempt& attempt) : attempt_(attempt) {
    if (!attempt.response_body.empty()) body_ = Blob{attempt.response_body};
  }

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

}  // namespace shakehook::sqlite
