#include "api/records/record_request.h"

#include <string>

#include "api/http/etag.h"
#include "api/large_response.h"

namespace shakehook {

namespace {

constexpr std::size_t kMiB = 1024 * 1024;

}  // namespace

WriteTarget TargetOf(ApiServices& services, ApiRequest& request, ResourceKind kind) {
  return {.loop = request.loop,
          .scope = request.principal->scope,
          .asker = request.asker(),
          .venue = {request.Path("venue_id")},
          .kind = kind,
          .room = {.take = [&](std::size_t bytes) { return TakeRoom(services, request, RoomFor::kWork, bytes); },
                   .wait = [&](std::size_t bytes) { return WaitForRoom(services, request, RoomFor::kWork, bytes); }},
          .trace = request.tracing()};
}

std::expected<RecordBasis, Problem> ReadRecordBasis(const ApiServices& services, const ApiRequest& request,
                                                    ResourceKind kind) {
  auto basis = RecordBasis::Read(services.config_cache(), request.principal->scope, {request.Path("venue_id")}, kind);
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
      return {"limit-reached",
              "The account has more than {max} contacts, or more than {max_mib} MiB of them; move them to another "
              "account, or delete them, first.",
              kContactsFreedMax, kStoredBytesMax / kMiB};
    case WriteRefusal::Kind::kTooLarge:
      return {"too-large",
              "The records that the batch changes have more than {max_mib} MiB as they are stored, which is too much "
              "for one transaction. Send it in parts.",
              kStoredBytesMax / kMiB};
    case WriteRefusal::Kind::kNoRoom:
      return NoRoom();
    case WriteRefusal::Kind::kNoTurn:
      return FromNoTurn(refusal.no_turn);
    case WriteRefusal::Kind::kStore:
      break;
  }
  return FromRefusal(refusal.refusal, NounOf(kind));
}

}  // namespace shakehook
