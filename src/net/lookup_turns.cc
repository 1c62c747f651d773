#include "net/lookup_turns.h"

#include <utility>

namespace shakehook {

bool LookupTurns::Add(std::uint64_t number, const std::string& name) {
  const auto found = tenants_.find(number);
  if ((found == tenants_.end() ? 0 : found->second.held) >= kHeldMax - held_) return false;
  Tenant& tenant = tenants_[number];
  ++tenant.held;
  ++held_;
  tenant.waiting.push_back(name);
  GiveTurn(number, tenant);
  return true;
}

void LookupTurns::GiveTurn(std::uint64_t number, Tenant& tenant) {
  if (tenant.has_turn || tenant.waiting.empty() || tenant.fresh >= kNewOfTenantMax) return;
  tenant.has_turn = true;
  turns_.push_back(number);
}

std::optional<LookupTurns::Next> LookupTurns::Begin() {
  if (new_ >= kNewMax || turns_.empty()) return std::nullopt;
  const std::uint64_t number = turns_.front();
  turns_.pop_front();
  Tenant& tenant = tenants_.at(number);
  tenant.has_turn = false;
  Next next{number, std::move(tenant.waiting.front())};
  tenant.waiting.pop_front();
  ++tenant.fresh;
  ++new_;
  GiveTurn(number, tenant);
  return next;
}

void LookupTurns::Slow(std::uint64_t number) {
  Tenant& tenant = tenants_.at(number);
  --tenant.fresh;
  --new_;
  GiveTurn(number, tenant);
}

void LookupTurns::End(std::uint64_t number) {
  Tenant& tenant = tenants_.at(number);
  --tenant.held;
  --held_;
  if (tenant.held == 0) tenants_.erase(number);
}

}  // namespace shakehook
