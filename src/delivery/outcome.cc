#include "delivery/outcome.h"

#include <time.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "base/ascii.h"
#include "base/utf8.h"

namespace shakehook {
namespace {

bool IsSuccess(int status) { return status >= 200 && status <= 299; }

std::optional<std::string_view> FindHeader(std::string_view headers, std::string_view name) {
  while (!headers.empty()) {
    const std::string_view line = headers.substr(0, headers.find("\r\n"));
    headers.remove_prefix(std::min(headers.size(), line.size() + 2));
    const auto colon = line.find(':');
    if (colon == std::string_view::npos) continue;
    if (EqualIgnoringCase(line.substr(0, colon), name)) return Trimmed(line.substr(colon + 1));
  }
  return std::nullopt;
}

// How much of a response is kept beside its body, of which kKeptBodyBytes are kept.
constexpr std::size_t kKeptHeaderBytes = 4 * 1024;
constexpr std::size_t kReasonBytesMax = 200;
constexpr std::size_t kMessageBytesMax = 1024;
constexpr std::string_view kCut = "... (cut)";

// The start of a text that is too long, not in the middle of a character, and a mark.
std::string Shortened(std::string text, std::size_t bytes_max) {
  if (text.size() <= bytes_max) return text;
  text.resize(CutUtf8(text, bytes_max - kCut.size()).size());
  return text.append(kCut);
}

// Returns lines "Name: value\r\n". The last one may be cut, and says so; if there is no room for any of its value, it
// is dropped.
std::string ShortenedHeaders(std::string lines) {
  if (lines.size() <= kKeptHeaderBytes) return lines;
  const std::size_t room = kKeptHeaderBytes - 2;
  const std::size_t last = lines.rfind("\r\n", room - 2);
  const std::size_t start = last == std::string::npos ? 0 : last + 2;
  std::string line = lines.substr(start, lines.find("\r\n", start) - start);
  lines.resize(start);
  if (start + line.find(':') + kCut.size() + 2 < room) lines += Shortened(std::move(line), room - start) + "\r\n";
  return lines;
}

// Returns the sentence for a person about a response that is no success.
std::string StatusMessage(const PostResponse& response) {
  std::string message = "The endpoint answered " + std::to_string(response.status);
  if (!response.reason.empty()) message += " " + Shortened(response.reason, kReasonBytesMax);
  if (response.status >= 300 && response.status <= 399) return message + "; redirects are not followed.";
  if (response.status == 410) return message + ": it is gone for good, so its webhook is disabled.";
  return message + ".";
}

}  // namespace

FailureClass ClassOf(TransportFailure failure) {
  switch (failure) {
    case TransportFailure::kTimeout:
      return FailureClass::kTimeout;
    case TransportFailure::kDns:
      return FailureClass::kDns;
    case TransportFailure::kForbiddenAddress:
      return FailureClass::kForbiddenAddress;
    case TransportFailure::kConnectionRefused:
      return FailureClass::kConnectionRefused;
    case TransportFailure::kUnreachable:
      return FailureClass::kUnreachable;
    case TransportFailure::kConnectionClosed:
      return FailureClass::kConnectionClosed;
    case TransportFailure::kTls:
      return FailureClass::kTls;
    case TransportFailure::kInvalidResponse:
      return FailureClass::kInvalidResponse;
    case TransportFailure::kInternal:
      return FailureClass::kInternal;
  }
  return FailureClass::kInternal;
}

std::optional<Milliseconds> RetryAfter(std::string_view headers, Timestamp now) {
  const auto value = FindHeader(headers, "retry-after");
  if (!value || value->empty()) return std::nullopt;
  std::int64_t seconds = 0;
  const char* const end = value->data() + value->size();
  const auto number = std::from_chars(value->data(), end, seconds);
  if (number.ptr == end && number.ec == std::errc::result_out_of_range) return kRetryAfterMax;
  if (number.ptr == end && number.ec == std::errc() && seconds >= 0) {
    return std::min(kRetryAfterMax, Milliseconds(std::min<std::int64_t>(seconds, kRetryAfterMax.count()) * 1000));
  }
  tm date{};
  const std::string text(*value);
  const char* const rest = strptime(text.c_str(), "%a, %d %b %Y %H:%M:%S GMT", &date);
  if (rest == nullptr || *rest != '\0') return std::nullopt;
  const Timestamp at = FromUnixMs(static_cast<std::int64_t>(timegm(&date)) * 1000);
  return std::clamp(at - now, Milliseconds(0), kRetryAfterMax);
}

Outcome Decide(const Exchange& exchange, const OwedDelivery& delivery, const RetrySchedule& schedule,
               Timestamp ended_at, double unit) {
  using Verdict = AttemptResult::Verdict;
  const int status = exchange.response ? exchange.response->status : 0;
  if (IsSuccess(status)) return {Verdict::kDelivered};
  if (delivery.purpose != OwedDelivery::Purpose::kDeliver) return {Verdict::kFailed};
  if (status == 410) return {Verdict::kGone};
  auto delay = schedule.DelayBefore(delivery.retries_made + 1, unit);
  if (!delay) return {Verdict::kFailed};
  if (status == 429 || status == 503) {
    delay = std::max(*delay, RetryAfter(exchange.response->headers, ended_at).value_or(Milliseconds(0)));
  }
  return {Verdict::kRetry, delay};
}

void Describe(Exchange exchange, Attempt& attempt) {
  attempt.timings = {exchange.timings.dns, exchange.timings.connect, exchange.timings.tls, exchange.timings.first_byte};
  if (!exchange.response) {
    attempt.error = {ClassOf(exchange.failure), Shortened(std::move(exchange.message), kMessageBytesMax)};
    return;
  }
  PostResponse& response = *exchange.response;
  attempt.status_code = response.status;
  if (!IsSuccess(response.status)) attempt.error = {FailureClass::kStatus, StatusMessage(response)};
  const bool cut = response.headers.size() > kKeptHeaderBytes;
  attempt.response_headers = ShortenedHeaders(std::move(response.headers));
  attempt.response_body = std::move(response.body);
  attempt.response_truncated = response.truncated || cut ? Switch::kOn : Switch::kOff;
}

}  // namespace shakehook
