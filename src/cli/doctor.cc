#include "cli/doctor.h"

#include <algorithm>
#include <iterator>
#include <string_view>
#include <utility>

#include "base/console.h"
#include "base/inert_text.h"
#include "cli/database_checks.h"
#include "cli/machine_checks.h"
#include "cli/network_checks.h"

namespace shakehook {
namespace {

constexpr std::size_t kSubjectWidth = 18;

std::string_view WordOf(Finding::Grade grade) {
  switch (grade) {
    case Finding::Grade::kGood:
      return "ok       ";
    case Finding::Grade::kWarning:
      return "warning  ";
    case Finding::Grade::kBad:
      break;
  }
  return "BAD      ";
}

std::string CountText(const Findings& findings) {
  const auto bad = std::ranges::count(findings, Finding::Grade::kBad, &Finding::grade);
  const auto warnings = std::ranges::count(findings, Finding::Grade::kWarning, &Finding::grade);
  if (bad == 0 && warnings == 0) return "No problem was found.\n";
  return std::to_string(bad) + " bad, " + std::to_string(warnings) + (warnings == 1 ? " warning.\n" : " warnings.\n");
}

}  // namespace

std::string FindingsText(const Findings& findings) {
  std::string text;
  for (const Finding& finding : findings) {
    std::string subject = finding.subject;
    subject.resize(std::max(kSubjectWidth, subject.size() + 1), ' ');
    text += std::string(WordOf(finding.grade)) + subject + InertText(finding.detail) + "\n";
    if (!finding.advice.empty()) text += "         " + std::string(kSubjectWidth, ' ') + "> " + finding.advice + "\n";
  }
  return text;
}

std::expected<Done, std::string> Diagnose(const Settings& settings, Clock& clock) {
  Findings findings;
  const auto add = [&](Findings found) { std::ranges::move(found, std::back_inserter(findings)); };
  add(CheckMachine(clock));
  add(CheckDatabase(settings));
  add(CheckNetwork(settings, clock));
  Print(FindingsText(findings) + CountText(findings));
  const auto bad = std::ranges::count(findings, Finding::Grade::kBad, &Finding::grade);
  if (bad == 0) return Done{};
  return std::unexpected(std::to_string(bad) + (bad == 1 ? " check has failed" : " checks have failed"));
}

}  // namespace shakehook
