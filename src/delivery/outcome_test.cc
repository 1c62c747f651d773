#include "delivery/outcome.h"

#include <gtest/gtest.h>

namespace shakehook {
namespace {

using Verdict = AttemptResult::Verdict;

constexpr Timestamp kEnded = FromUnixMs(1'731'493'800'000);  // Wed, 13 Nov 2024 10:30:00 GMT

Exchange Answered(int status, std::string headers = "") {
  Exchange exchange;
  exchange.response = PostResponse{.status = status, .reason = "Reason", .headers = std::move(headers), .body = ""};
  return exchange;
}

Outcome DecideFirst(const Exchange& exchange) { return Decide(exchange, OwedDelivery(), RetrySchedule(), kEnded, 0); }

TEST(Outcome, IsDeliveredOnEvery2xxAndNothingElse) {
  for (int status = 100; status < 600; ++status) {
    EXPECT_EQ(DecideFirst(Answered(status)).verdict == Verdict::kDelivered, status >= 200 && status <= 299) << status;
  }
  EXPECT_EQ(DecideFirst(Exchange()).verdict, Verdict::kRetry);
}

TEST(Outcome, RetriesTenTimesThenFails) {
  OwedDelivery delivery;
  for (delivery.retries_made = 0; delivery.retries_made < 10; ++delivery.retries_made) {
    const Outcome outcome = Decide(Answered(500), delivery, RetrySchedule(), kEnded, 0);
    EXPECT_EQ(outcome.verdict, Verdict::kRetry);
    EXPECT_EQ(outcome.retry_in, RetrySchedule().DelayBefore(delivery.retries_made + 1, 0));
  }
  EXPECT_EQ(Decide(Answered(500), delivery, RetrySchedule(), kEnded, 0), (Outcome{Verdict::kFailed, {}}));
}

TEST(Outcome, IsGoneOn410ButNeverForATestOrARepetition) {
  EXPECT_EQ(DecideFirst(Answered(410)).verdict, Verdict::kGone);
  for (const auto purpose : {OwedDelivery::Purpose::kTest, OwedDelivery::Purpose::kAgain}) {
    OwedDelivery delivery;
    delivery.purpose = purpose;
    EXPECT_EQ(Decide(Answered(410), delivery, RetrySchedule(), kEnded, 0).verdict, Verdict::kFailed);
    EXPECT_EQ(Decide(Answered(500), delivery, RetrySchedule(), kEnded, 0).verdict, Verdict::kFailed);
  }
}

TEST(Outcome, LetsRetryAfterLengthenTheWaitOn429And503Only) {
  const auto wait = [](int status, std::string_view value) {
    return DecideFirst(Answered(status, "Date: x\r\nretry-AFTER:  " + std::string(value) + "\r\n")).retry_in->count();
  };
  EXPECT_EQ(wait(429, "60"), 60'000);
  EXPECT_EQ(wait(503, "60"), 60'000);
  EXPECT_EQ(wait(500, "60"), 10'000);
  EXPECT_EQ(wait(429, "1"), 10'000);  // never shortens
  EXPECT_EQ(wait(429, "7200"), 3'600'000);
  EXPECT_EQ(wait(429, "99999999999999999999999"), 3'600'000);
  EXPECT_EQ(wait(429, "-5"), 10'000);
  EXPECT_EQ(wait(429, "soon"), 10'000);
  EXPECT_EQ(wait(503, "Wed, 13 Nov 2024 10:31:00 GMT"), 60'000);
  EXPECT_EQ(wait(503, "Wed, 13 Nov 2024 10:29:00 GMT"), 10'000);
}

TEST(Outcome, DescribesAnAnswerThatIsNoSuccess) {
  Attempt attempt;
  Describe(Answered(301), attempt);
  EXPECT_EQ(attempt.status_code, 301);
  EXPECT_EQ(attempt.error.failure, FailureClass::kStatus);
  EXPECT_EQ(attempt.error.message, "The endpoint answered 301 Reason; redirects are not followed.");
}

TEST(Outcome, DescribesAFailureWithoutAnAnswer) {
  Exchange exchange;
  exchange.failure = TransportFailure::kTls;
  exchange.message = "The certificate has expired.";
  exchange.timings.dns = Microseconds(7);
  Attempt attempt;
  Describe(exchange, attempt);
  EXPECT_EQ(attempt.status_code, std::nullopt);
  EXPECT_EQ(attempt.error, (AttemptError{FailureClass::kTls, "The certificate has expired."}));
  EXPECT_EQ(attempt.timings.dns, Microseconds(7));
}

TEST(Outcome, KeepsFourKibibytesOfTheHeadersAndSaysThatThereWasMore) {
  for (const std::size_t size : {40U, 4'000U, 4'080U, 4'090U, 4'096U, 58'000U}) {
    Exchange exchange = Answered(204);
    exchange.response->headers = "Server: x\r\nX-Long: " + std::string(size, 'a') + "\r\nX-Last: 1\r\n";
    const bool fits = exchange.response->headers.size() <= 4'096;
    const std::string all = exchange.response->headers;
    Attempt attempt;
    Describe(std::move(exchange), attempt);
    EXPECT_LE(attempt.response_headers.size(), 4'096U) << size;
    EXPECT_TRUE(attempt.response_headers.starts_with("Server: x\r\n")) << size;
    EXPECT_TRUE(attempt.response_headers.ends_with("\r\n")) << size;
    EXPECT_EQ(attempt.response_truncated, fits ? Switch::kOff : Switch::kOn) << size;
    if (fits) EXPECT_EQ(attempt.response_headers, all);
    if (size == 58'000U) EXPECT_TRUE(attempt.response_headers.ends_with("a... (cut)\r\n"));
  }
}

TEST(Outcome, KeepsNoLongReasonOfAReceiver) {
  Exchange exchange = Answered(500);
  exchange.response->reason = std::string(60'000, 'r');
  Attempt attempt;
  Describe(exchange, attempt);
  EXPECT_LT(attempt.error.message.size(), 300U);
  Exchange failed;
  failed.message = std::string(999, 'm') + std::string(50'000, '\xc3');
  Describe(failed, attempt);
  EXPECT_LE(attempt.error.message.size(), 1'024U);
}

}  // namespace
}  // namespace shakehook
