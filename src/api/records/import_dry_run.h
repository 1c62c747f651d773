// A dry run of an import: the changes that its rows would make to the venue's records; nothing is stored.
#pragma once

#include "api/api_services.h"
#include "api/http/api_request.h"
#include "api/records/import_file.h"

namespace shakehook {

// Returns what was recognized, the counts, the first rows as they would be stored, and the first rows that would be
// refused, with the reasons. An import of the same file right now ends with the same counts.
Async<ApiResponse> DryRunImport(ApiServices& services, ApiRequest& request, const RecordBasis& basis, ImportFile file);

}  // namespace shakehook
