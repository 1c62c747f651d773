#include "delivery/own_faults.h"

#include "base/log.h"

namespace shakehook {
namespace {

std::string_view NameOf(std::size_t fault) {
  switch (static_cast<OwnFault>(fault)) {
    case OwnFault::kDescriptors:
      return "descriptors";
    case OwnFault::kMemory:
      return "memory";
    case OwnFault::kPorts:
      return "ports";
    case OwnFault::kNetwork:
      return "network";
    case OwnFault::kNameServers:
      return "name servers";
    case OwnFault::kLookups:
      return "lookups";
    case OwnFault::kSource:
      return "source address";
    case OwnFault::kProxy:
      return "proxy";
  }
  return "unknown";
}

}  // namespace

OwnFaults::OwnFaults(prometheus::Registry& registry) {
  auto& postponed = prometheus::BuildCounter()
                        .Name("shakehook_attempts_postponed_total")
                        .Help("Attempts that were put off, uncounted, because this machine lacks something.")
                        .Register(registry);
  auto& lasts = prometheus::BuildGauge()
                    .Name("shakehook_own_fault")
                    .Help("1 while deliveries wait because this machine lacks something.")
                    .Register(registry);
  const MutexLock lock(mutex_);
  for (std::size_t i = 0; i < kKinds; ++i) {
    const std::string reason(NameOf(i));
    kinds_[i].postponed = &postponed.Add({{"reason", reason}});
    kinds_[i].lasts = &lasts.Add({{"reason", reason}});
  }
}

void OwnFaults::Observe(OwnFault fault, const std::string& message, SteadyTime now) {
  const MutexLock lock(mutex_);
  Kind& kind = kinds_[static_cast<std::size_t>(fault)];
  kind.last = now;
  ++kind.count;
  kind.postponed->Increment();
  if (std::exchange(kind.active, true)) return;
  kind.lasts->Set(1);
  LogWarning("deliveries wait because this server lacks something; no attempt is counted, and they go on by themselves",
             {{"lacks", std::string(NameOf(static_cast<std::size_t>(fault)))}, {"reason", message}});
}

bool OwnFaults::Look(SteadyTime now) {
  const MutexLock lock(mutex_);
  bool some = false;
  for (std::size_t i = 0; i < kKinds; ++i) {
    Kind& kind = kinds_[i];
    if (!kind.active) continue;
    if (now - kind.last < kOverAfter) {
      some = true;
      continue;
    }
    kind.active = false;
    kind.lasts->Set(0);
    LogInfo("deliveries go on: this server has again what it lacked",
            {{"lacked", std::string(NameOf(i))}, {"postponed", std::to_string(std::exchange(kind.count, 0))}});
  }
  return some;
}

}  // namespace shakehook
