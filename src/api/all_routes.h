// The functions that add the routes of the API, one a file of the same name. `services` outlives the router.
#pragma once

#include "api/api_services.h"
#include "api/http/router.h"

namespace shakehook {

void AddAllRoutes(Router& router, ApiServices& services);

void AddVenuesGroupRoutes(Router& router, ApiServices& services);
void AddVenueRoutes(Router& router, ApiServices& services);
void AddResourceRoutes(Router& router, ApiServices& services);  // accounts and contacts
void AddResourceListRoutes(Router& router, ApiServices& services);
void AddBatchRoutes(Router& router, ApiServices& services);
void AddFieldRoutes(Router& router, ApiServices& services);
void AddApiKeyRoutes(Router& router, ApiServices& services);
void AddSetupRoutes(Router& router, ApiServices& services);
void AddSessionRoutes(Router& router, ApiServices& services);
void AddSessionListRoutes(Router& router, ApiServices& services);
void AddSecondFactorRoutes(Router& router, ApiServices& services);
void AddUserLinkRoutes(Router& router, ApiServices& services);
void AddUserRoutes(Router& router, ApiServices& services);
void AddAuditRoutes(Router& router, ApiServices& services);
void AddWebhookRoutes(Router& router, ApiServices& services);
void AddWebhookListRoutes(Router& router, ApiServices& services);
void AddRetryScheduleRoutes(Router& router, ApiServices& services);
void AddNoticeRoutes(Router& router, ApiServices& services);
void AddNoticeRecipientRoutes(Router& router, ApiServices& services);
void AddUrlCheckRoutes(Router& router, ApiServices& services);
void AddWebhookSecretRoutes(Router& router, ApiServices& services);
void AddWebhookTestRoutes(Router& router, ApiServices& services);
void AddSendNowRoutes(Router& router, ApiServices& services);
void AddDeliveryRoutes(Router& router, ApiServices& services);
void AddStatisticsRoutes(Router& router, ApiServices& services);
void AddReplayRoutes(Router& router, ApiServices& services);
void AddImportRoutes(Router& router, ApiServices& services);
void AddInboxRoutes(Router& router, ApiServices& services);
void AddInboxReceiverRoutes(Router& router, ApiServices& services);
void AddEventRoutes(Router& router, ApiServices& services);
void AddStreamRoutes(Router& router, ApiServices& services);
void AddHealthRoutes(Router& router, ApiServices& services);
void AddMetricsRoutes(Router& router, ApiServices& services);
void AddDocumentationRoutes(Router& router, ApiServices& services);

}  // namespace shakehook
