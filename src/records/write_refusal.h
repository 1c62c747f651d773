// WriteRefusal says why an account or a contact was not written. api/http/problem.h maps it to HTTP.
#pragma once

#include <cstdint>
#include <expected>
#include <utility>
#include <vector>

#include "model/field_error.h"
#include "records/edit_turns.h"
#include "store/config_cache.h"
#include "store/refusal.h"

namespace shakehook {

// Returns what is wrong with an account_id that names no account.
inline Complaint NoSuchAccount() { return {"names_no_account", "there is no account with this id in the venue"}; }

struct WriteRefusal {
  enum class Kind : std::uint8_t {
    kNoVenue,          // there is no such venue, or the caller's scope does not cover it
    kMissing,          // there is no such record
    kExists,           // the id is taken
    kVersion,          // the caller does not accept the record's present version
    kInvalid,          // `errors` say which fields are wrong
    kTooManyContacts,  // the account has more contacts than can be freed in one transaction
    kTooLarge,         // the records are more bytes than one transaction changes (kStoredBytesMax)
    kNoRoom,           // there was no memory for it in time
    kNoTurn,           // `no_turn` says why the caller got no turn
    kStore,            // `refusal` is the store's, kVersionConflict included: others change the record all the time
  };

  Kind kind = Kind::kStore;
  std::vector<FieldError> errors = {};
  EditTurns::NoTurn no_turn = EditTurns::NoTurn::kTooMany;
  Refusal refusal = {};

  static WriteRefusal Invalid(std::vector<FieldError> errors) {
    return {.kind = Kind::kInvalid, .errors = std::move(errors)};
  }
  static WriteRefusal NoTurn(EditTurns::NoTurn why) { return {.kind = Kind::kNoTurn, .no_turn = why}; }
  static WriteRefusal OfStore(Refusal refusal) { return {.kind = Kind::kStore, .refusal = std::move(refusal)}; }
  static WriteRefusal Conflict() { return OfStore({.kind = Refusal::Kind::kVersionConflict}); }
  // `refusal` is the store's, for a change in `venue`; `field_path` goes before the names of the change's fields.
  static WriteRefusal OfChange(const Refusal& refusal, const ConfigCache& config_cache, const VenueId& venue,
                               std::string_view field_path = "");
};

template <class T>
using Written = std::expected<T, WriteRefusal>;

}  // namespace shakehook
