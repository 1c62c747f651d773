#include "net/proxy_watch.h"

#include <gtest/gtest.h>

namespace shakehook {
namespace {

constexpr SteadyTime kStart{Microseconds(1'000'000'000)};
SteadyTime After(int ms) { return kStart + Milliseconds(ms); }

TEST(ProxyWatch, AProxyThatAnswersNothingNotEvenAProbeHangs) {
  ProxyWatch watch;
  EXPECT_FALSE(watch.Hangs(kStart, After(5'000))) << "nothing was tried";
  EXPECT_TRUE(watch.TakeProbe(kStart, After(300)));
  EXPECT_FALSE(watch.Hangs(kStart, After(400))) << "the probe has had no time";
  EXPECT_TRUE(watch.Hangs(kStart, After(800)));
  EXPECT_TRUE(watch.Hangs(After(5'000), After(10'000))) << "nothing has been answered since";
}

TEST(ProxyWatch, AProxyThatAnswersSomethingDoesNotHang) {
  ProxyWatch watch;
  EXPECT_TRUE(watch.TakeProbe(kStart, After(300)));
  watch.Answered(After(350));
  EXPECT_FALSE(watch.Hangs(kStart, After(5'000)));
  EXPECT_FALSE(watch.Hangs(After(400), After(5'400))) << "no probe of its time";
  EXPECT_FALSE(watch.TakeProbe(After(340), After(2'000))) << "it has answered since";
}

TEST(ProxyWatch, ProbesOnceASecond) {
  ProxyWatch watch;
  EXPECT_TRUE(watch.TakeProbe(kStart, After(300)));
  EXPECT_FALSE(watch.TakeProbe(After(100), After(1'299)));
  EXPECT_TRUE(watch.TakeProbe(After(200), After(1'300)));
  EXPECT_TRUE(watch.Hangs(After(1'000), After(1'400))) << "the first one is not answered either";
}

TEST(ProxyWatch, AnEndpointIsRefusedAloneOnceOthersAreOpenedMeanwhile) {
  ProxyWatch watch;
  EXPECT_FALSE(watch.Refused("192.0.2.1:80", kStart)) << "perhaps all are";
  watch.Opened("192.0.2.2:443", After(100));
  EXPECT_FALSE(watch.Refused("192.0.2.1:80", After(1'000))) << "that may have been under way";
  watch.Opened("192.0.2.2:443", After(2'000));
  EXPECT_TRUE(watch.Refused("192.0.2.1:80", After(3'000)));
  EXPECT_FALSE(watch.Refused("192.0.2.3:80", After(3'000))) << "a proxy that begins to refuse may refuse all";
  watch.Opened("192.0.2.1:80", After(4'000));
  EXPECT_FALSE(watch.Refused("192.0.2.1:80", After(5'000))) << "it works for this one, too, until now";
}

TEST(ProxyWatch, AnEndpointThatWasRefusedLongAgoIsRefusedAnew) {
  constexpr int kTwoDays = 2 * 24 * 3'600'000;
  ProxyWatch watch;
  EXPECT_FALSE(watch.Refused("192.0.2.1:80", kStart));
  watch.Opened("192.0.2.2:443", After(kTwoDays));
  EXPECT_FALSE(watch.Refused("192.0.2.1:80", After(kTwoDays + 1'000))) << "the proxy may refuse all from now on";
}

TEST(ProxyWatch, RemembersABoundedNumberOfEndpoints) {
  ProxyWatch watch;
  EXPECT_FALSE(watch.Refused("first", kStart));
  for (std::size_t i = 1; i < ProxyWatch::kRefusedMax; ++i) watch.Refused(std::to_string(i), kStart);
  watch.Opened("other", After(2'000));
  EXPECT_TRUE(watch.Refused("first", After(2'000)));
  EXPECT_FALSE(watch.Refused("one more", After(2'000)));
  EXPECT_FALSE(watch.Refused("first", After(2'000))) << "it is forgotten";
}

}  // namespace
}  // namespace shakehook
