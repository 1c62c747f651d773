#include "check.h"

#include <cstdio>

#include "base/digest.h"
#include "base/encoding.h"
#include "open_store.h"

namespace shakehook::bench {
namespace {

// Returns what is wrong; empty: nothing is.
std::string Compare(OpenStore& open, const std::string& key, const std::string& signature, std::size_t length) {
  const auto id = DeliveryId::Parse(key);
  if (!id) return "is no UUID";
  const auto found = open.Run(open.store().GetDelivery(*id));
  if (!found) return "is no delivery's";
  if (found->delivery.status != DeliveryStatus::kDelivered) return "is of a delivery that is not delivered";
  if (found->event->payload.size() != length) return "came with a body of another length";
  const SharedWebhook webhook = open.store().config_cache().FindWebhook(found->delivery.key.webhook);
  if (!webhook) return "is of a webhook that is gone";
  if (ToHex(HmacKey(webhook->secrets.current).Sign(found->event->payload)) != signature) return "is wrongly signed";
  return "";
}

}  // namespace

Checked Check(const std::string& folder, std::istream& noted) {
  SystemClock clock;
  OpenStore open(folder, clock);
  Checked checked;
  std::string key, signature;
  for (std::size_t length = 0; noted >> key >> signature >> length;) {
    const std::string wrong = Compare(open, key, signature, length);
    if (wrong.empty()) {
      ++checked.right;
    } else {
      ++checked.wrong;
      std::fprintf(stderr, "bench_store: the Idempotency-Key %s %s\n", key.c_str(), wrong.c_str());
    }
  }
  return checked;
}

}  // namespace shakehook::bench
