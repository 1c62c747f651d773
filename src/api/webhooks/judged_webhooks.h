// Webhooks with their health and what is judged of it (model/webhook_condition.h).
#pragma once

#include <vector>

#include "api/api_services.h"
#include "api/http/problem.h"
#include "model/webhook_condition.h"

namespace shakehook {

struct JudgedWebhook {
  SharedWebhook webhook;
  WebhookHealth health;
  Judgement judgement;
};

// In the order given. Reads a bounded number of webhooks at once, so that other reads get their turn in between.
// The problem: the store cannot read.
Async<std::expected<std::vector<JudgedWebhook>, Problem>> JudgeWebhooks(ApiServices& services,
                                                                        std::vector<SharedWebhook> webhooks,
                                                                        Asker asker);

}  // namespace shakehook
