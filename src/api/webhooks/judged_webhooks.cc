#include "api/webhooks/judged_webhooks.h"

#include <algorithm>
#include <utility>

namespace shakehook {
namespace {

constexpr std::size_t kWebhooksPerRead = 128;

}  // namespace

Async<std::expected<std::vector<JudgedWebhook>, Problem>> JudgeWebhooks(ApiServices& services,
                                                                        std::vector<SharedWebhook> webhooks,
                                                                        Asker asker) {
  const Timestamp now = services.clock.Now();
  const Timestamp until = HourOf(now) + kStatisticsHour;
  std::vector<JudgedWebhook> judged;
  judged.reserve(webhooks.size());
  while (judged.size() < webhooks.size()) {
    const std::size_t first = judged.size();
    std::vector<WebhookNumber> numbers;
    for (std::size_t i = first; i < std::min(webhooks.size(), first + kWebhooksPerRead); ++i) {
      numbers.push_back(webhooks[i]->number);
    }
    const auto health = co_await services.store.GetHealth(numbers, asker);
    if (!health) co_return std::unexpected(FromRefusal(health.error(), "webhook"));
    const auto hours = co_await services.store.GetStatistics(numbers, until - 2 * kStatisticsHour, until, asker);
    if (!hours) co_return std::unexpected(FromRefusal(hours.error(), "webhook"));
    for (std::size_t i = 0; i < numbers.size(); ++i) {
      WebhookStatistics recent;
      for (const HourlyStatistics& hour : (*hours)[i]) recent += hour.statistics;
      SharedWebhook webhook = std::move(webhooks[first + i]);
      const Judgement judgement = Judge(*webhook, (*health)[i], recent, now, services.options.delivery_timeout);
      judged.push_back({std::move(webhook), (*health)[i], judgement});
    }
  }
  co_return judged;
}

}  // namespace shakehook
