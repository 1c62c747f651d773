#include "api/record_request.h"

#include <string>

#include "api/etag.h"

namespace shakehook {

WriteTarget TargetOf(const ApiRequest& request, ResourceKind kind) {
  return {.loop = request.loop,
          .scope = request.key->scope,
          .asker = request.asker(),
          .venue = {request.Path("venue_id")},
          .kind = kind};
}

std::expected<RecordBasis, Problem> ReadRecordBasis(const ApiServices& services, const ApiRequest& request,
                                                    ResourceKind kind) {
  auto basis = RecordBasis::Read(services.directory(), request.key->scope, {request.Path("venue_id")}, kind);
  if (!basis) return std::unexpected(NotFound("venue"));
  return *std::move(basis);
}

Problem FromWriteRefusal(const WriteRefusal& refusal, ResourceKind kind) {
  switch (refusal.kind) {
    case WriteRefusal::Kind::kNoVenue:
      return NotFound("venue");
    case WriteRefusal::Kind::kMissing:
      return NotFound(NounOf(kind));
    case WriteRefusal::Kind::kExists:
      return FromRefusal({.kind = Refusal::Kind::kExists}, NounOf(kind));
    case WriteRefusal::Kind::kVersion:
      return PreconditionFailed();
    case WriteRefusal::Kind::kInvalid:
      return Invalid(refusal.errors);
    case WriteRefusal::Kind::kTooManyContacts:
      return Conflict("The account has more than " + std::to_string(kContactsFreedMax) +
                      " contacts; move them to another account, or delete them, first.");
    case WriteRefusal::Kind::kNoTurn:
      return FromNoTurn(refusal.no_turn);
    case WriteRefusal::Kind::kStore:
      break;
  }
  return FromRefusal(refusal.refusal, NounOf(kind));
}

}  // namespace shakehook
