#include "model/statistics.h"

#include <gtest/gtest.h>

namespace shakehook {
namespace {

TEST(LatencyHistogram, TellsPercentilesWithinAFifth) {
  LatencyHistogram histogram;
  for (int ms = 1; ms <= 1000; ++ms) histogram.Add(Microseconds(ms * 1000));
  EXPECT_EQ(histogram.total(), 1000);
  for (const double share : {0.5, 0.95, 0.99}) {
    const double exact_us = share * 1'000'000;
    EXPECT_NEAR(static_cast<double>(histogram.Percentile(share)->count()), exact_us, exact_us * 0.17) << share;
  }
}

TEST(LatencyHistogram, HasNoPercentileOfNothing) { EXPECT_FALSE(LatencyHistogram().Percentile(0.5)); }

TEST(LatencyHistogram, CountsWhatIsShorterAndLongerThanAllBounds) {
  LatencyHistogram histogram;
  histogram.Add(Microseconds(0));
  histogram.Add(Microseconds(3'600'000'000));
  EXPECT_LE(histogram.Percentile(0.5)->count(), 250);
  EXPECT_GE(histogram.Percentile(1)->count(), 4'000'000);
}

TEST(LatencyHistogram, SurvivesItsEncoding) {
  LatencyHistogram histogram;
  EXPECT_EQ(LatencyHistogram::Decode(histogram.Encode()), histogram);
  for (int i = 0; i < 300; ++i) histogram.Add(Microseconds(700));
  histogram.Add(Microseconds(4'000'000));
  EXPECT_LE(histogram.Encode().size(), 5u);
  EXPECT_EQ(LatencyHistogram::Decode(histogram.Encode()), histogram);
}

TEST(LatencyHistogram, RefusesBytesThatAreNoEncoding) {
  for (const std::string_view bytes : {"\x01", "\xff\xff\xff\xff\xff\xff", "\x40\x01", "\x80"}) {
    EXPECT_FALSE(LatencyHistogram::Decode(bytes)) << bytes.size();
  }
}

TEST(DeliveryCounts, AddUpAndTellTheShareOfAttemptsThatSucceeded) {
  EXPECT_FALSE(DeliveryCounts().SuccessRate());
  DeliveryCounts counts{.delivered = 3, .attempts = 4, .failed_attempts = 1};
  counts += {.failed = 1, .attempts = 4, .failed_attempts = 4};
  EXPECT_EQ(counts, (DeliveryCounts{.delivered = 3, .failed = 1, .attempts = 8, .failed_attempts = 5}));
  EXPECT_DOUBLE_EQ(*counts.SuccessRate(), 0.375);
}

TEST(Statistics, KnowTheHourOfAMoment) {
  EXPECT_EQ(UnixMs(HourOf(FromUnixMs(7'199'999))), 3'600'000);
  EXPECT_EQ(UnixMs(HourOf(FromUnixMs(7'200'000))), 7'200'000);
}

}  // namespace
}  // namespace shakehook
