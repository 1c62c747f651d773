// The reasons why a verb of the Store did not do what it was asked for.
#pragma once

#include <cstddef>
#include <expected>
#include <optional>
#include <string>
#include <string_view>

#include "base/time.h"

namespace shakehook {

struct Refusal {
  enum class Kind {
    kUnavailable,      // the store cannot write or read now (full disk, I/O error)
    kVersionConflict,  // the change was built from an old state: read again, build again
    kExists,           // the id is taken
    kMissing,          // the thing that the change names does not exist
    kNotEmpty,         // it cannot be deleted: `detail` names what it still contains
    kFull,             // there are as many as allowed (config_limits.h): `limit` says how many of what, where
    kLast,             // there must be at least one, and it is the last (administrators)
    kAnswered,         // a response is kept under the request's Idempotency-Key already (idempotency_record.h)
    kBusy,             // the asker has too many reads under way: again in a moment
  };
  // "The venue has 100 webhooks; it may have at most 100."
  struct Limit {
    std::string_view where;  // "The venue"
    std::string_view what;   // "webhooks"
    std::size_t count = 0;
    std::size_t max = 0;

    bool operator==(const Limit&) const = default;
  };
  Kind kind = Kind::kUnavailable;
  std::string detail = {};                       // for a person
  std::optional<Timestamp> last_timestamp = {};  // with kVersionConflict, for a resource: its last event's time
  std::size_t index = 0;                         // the index of the change that was refused
  Limit limit = {};                              // with kFull

  bool operator==(const Refusal&) const = default;
};

template <class T>
using Stored = std::expected<T, Refusal>;

}  // namespace shakehook
