#include "api/all_routes.h"

namespace shakehook {

void AddAllRoutes(Router& router, ApiServices& services) {
  AddVenuesGroupRoutes(router, services);
  AddVenueRoutes(router, services);
  AddResourceRoutes(router, services);
  AddResourceListRoutes(router, services);
  AddBatchRoutes(router, services);
  AddFieldRoutes(router, services);
  AddApiKeyRoutes(router, services);
  AddSetupRoutes(router, services);
  AddSessionRoutes(router, services);
  AddSessionListRoutes(router, services);
  AddSecondFactorRoutes(router, services);
  AddUserRoutes(router, services);
  AddUserLinkRoutes(router, services);
  AddAuditRoutes(router, services);
  AddWebhookListRoutes(router, services);
  AddWebhookRoutes(router, services);
  AddRetryScheduleRoutes(router, services);
  AddNoticeRoutes(router, services);
  AddNoticeRecipientRoutes(router, services);
  AddUrlCheckRoutes(router, services);
  AddWebhookSecretRoutes(router, services);
  AddWebhookTestRoutes(router, services);
  AddSendNowRoutes(router, services);
  AddDeliveryRoutes(router, services);
  AddStatisticsRoutes(router, services);
  AddReplayRoutes(router, services);
  AddImportRoutes(router, services);
  AddInboxRoutes(router, services);
  AddInboxReceiverRoutes(router, services);
  AddEventRoutes(router, services);
  AddStreamRoutes(router, services);
  AddHealthRoutes(router, services);
  AddMetricsRoutes(router, services);
  AddDocumentationRoutes(router, services);
}

}  // namespace shakehook
