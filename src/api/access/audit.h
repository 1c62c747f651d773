// Writing to the audit log from handlers. If the store makes a change, its entry goes with the change
// (ConfigChange::audit); a request that changes nothing in the store writes its entry with RecordAudit().
#pragma once

#include <expected>
#include <optional>
#include <string>

#include "api/api_services.h"
#include "api/http/api_request.h"
#include "api/http/problem.h"
#include "model/audit_detail.h"
#include "model/audit_entry.h"

namespace shakehook {

AuditEntry::Subject SubjectOf(const User& user);
AuditEntry::Subject SubjectOf(const Webhook& webhook);
AuditEntry::Subject SubjectOf(const ApiKey& key);

AuditEntry::Actor ActorOf(const User& user);
// Precondition: a request that needs a key or a session.
AuditEntry::Actor ActorOf(const ApiRequest& request);

struct AuditNote {
  AuditAction action = AuditAction::kSessionCreated;
  std::optional<AuditEntry::Subject> subject = {};
  AuditDetails details = {};  // never a secret
  std::string changes = {};   // as AuditEntry has them; never a secret
};
AuditEntry MakeAuditEntry(ApiServices& services, AuditEntry::Actor actor, AuditNote note);

// The problem is a 503: a request that cannot be recorded is not carried out.
Async<std::expected<Done, Problem>> RecordAudit(ApiServices& services, const ApiRequest& request, AuditNote note);

}  // namespace shakehook
