// A request about a venue's accounts or contacts, in the terms of src/records.
#pragma once

#include <expected>

#include "api/api_services.h"
#include "api/http/api_request.h"
#include "api/http/problem.h"
#include "records/record_basis.h"
#include "records/record_writer.h"

namespace shakehook {

// Returns the venue of the request's path, the caller, and the memory for its work. Both arguments outlive the target.
WriteTarget TargetOf(ApiServices& services, ApiRequest& request, ResourceKind kind);

// Returns the basis of the records of the path's venue. The problem is a 404: the key does not see the venue.
std::expected<RecordBasis, Problem> ReadRecordBasis(const ApiServices& services, const ApiRequest& request,
                                                    ResourceKind kind);

// Returns the problem of a record that was not written.
Problem FromWriteRefusal(const WriteRefusal& refusal, ResourceKind kind);

}  // namespace shakehook
