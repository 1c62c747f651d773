#include "api/access/device_label.h"

#include <span>
#include <utility>

namespace shakehook {
namespace {

using Word = std::pair<std::string_view, std::string_view>;  // a part of a User-Agent, and its name

// Browsers also name other browsers that they are compatible with: the first entry that fits counts.
constexpr Word kBrowsers[] = {
    {"Edg", "Edge"},         {"OPR/", "Opera"},     {"SamsungBrowser/", "Samsung Internet"},
    {"Firefox/", "Firefox"}, {"FxiOS/", "Firefox"}, {"CriOS/", "Chrome"},
    {"Chrome/", "Chrome"},   {"Safari/", "Safari"}, {"curl/", "curl"},
};
constexpr Word kSystems[] = {
    {"iPhone", "iPhone"}, {"iPad", "iPad"},    {"Android", "Android"}, {"Windows", "Windows"},
    {"CrOS", "ChromeOS"}, {"Mac OS", "macOS"}, {"Linux", "Linux"},
};

std::string_view FirstOf(std::span<const Word> words, std::string_view text) {
  for (const auto& [has, name] : words) {
    if (text.contains(has)) return name;
  }
  return {};
}

}  // namespace

std::string DeviceLabelOf(std::string_view user_agent) {
  const std::string_view browser = FirstOf(kBrowsers, user_agent), system = FirstOf(kSystems, user_agent);
  std::string label(browser);
  if (!browser.empty() && !system.empty()) label += " on ";
  label += system;
  return label;
}

}  // namespace shakehook
