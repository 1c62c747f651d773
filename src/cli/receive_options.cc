#include "cli/receive_options.h"

#include <array>
#include <charconv>

#include "cli/duration.h"

namespace shakehook {
namespace {

using Kind = Flag::Kind;

constexpr int kFailEveryMax = 1'000'000;
constexpr Milliseconds kDelayMax = std::chrono::minutes(10);

constexpr std::array kFlags = {
    Flag{"listen", Kind::kValue, "HOST:PORT", "127.0.0.1:9000", "where to listen"},
    Flag{"secret", Kind::kValue, "SECRET", "", "the webhook's secret (whsec_…), to check signatures with"},
    Flag{"secret-file", Kind::kValue, "FILE", "", "a file with that secret"},
    Flag{"status", Kind::kValue, "NUMBER", "204", "the status to answer with"},
    Flag{"fail-every", Kind::kValue, "NUMBER", "", "answers one request out of NUMBER with 500 instead"},
    Flag{"delay", Kind::kValue, "DURATION", "0s", "how long to wait before each answer"},
};

std::optional<int> WholeNumber(std::string_view text, int min, int max) {
  int number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size() || number < min || number > max) return std::nullopt;
  return number;
}

// The error is what is wrong with the text.
std::expected<Done, std::string> Set(ReceiveOptions& options, std::string_view name, const std::string& text) {
  const auto quoted = "\"" + text + "\" is not ";
  if (name == "listen") {
    auto listen = ParseListenAddress(text);
    if (listen && listen->is_unix()) listen = std::unexpected("a receiver listens at HOST:PORT");
    if (!listen) return std::unexpected(listen.error());
    options.listen = *listen;
  } else if (name == "secret") {
    if (text.empty()) return std::unexpected("the secret is empty");
    options.secret = text;
  } else if (name == "secret-file") {
    if (text.empty()) return std::unexpected("needs the name of a file");
    options.secret_file = text;
  } else if (name == "status") {
    const auto status = WholeNumber(text, 200, 599);
    if (!status) return std::unexpected(quoted + "a status from 200 to 599");
    options.status = *status;
  } else if (name == "fail-every") {
    const auto every = WholeNumber(text, 1, kFailEveryMax);
    if (!every) return std::unexpected(quoted + "a whole number from 1 to " + std::to_string(kFailEveryMax));
    options.fail_every = *every;
  } else {
    const auto delay = ParseDuration(text);
    if (!delay || *delay > kDelayMax) return std::unexpected(quoted + "a duration up to 10m, such as 500ms");
    options.delay = *delay;
  }
  return Done{};
}

}  // namespace

std::span<const Flag> ReceiveFlags() { return kFlags; }

std::expected<ReceiveOptions, std::string> ParseReceiveOptions(const FlagTexts& flags) {
  ReceiveOptions options;
  for (const auto& [name, texts] : flags) {
    if (texts.size() > 1) return std::unexpected("--" + name + " is given twice");
    if (const auto set = Set(options, name, texts[0]); !set) {
      return std::unexpected("--" + name + ": " + set.error());
    }
  }
  if (!options.secret.empty() && !options.secret_file.empty()) {
    return std::unexpected("--secret and --secret-file exclude each other");
  }
  return options;
}

}  // namespace shakehook
