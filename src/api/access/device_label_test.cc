#include "api/access/device_label.h"

#include <gtest/gtest.h>

namespace shakehook {
namespace {

TEST(DeviceLabel, NamesTheBrowserAndTheSystem) {
  EXPECT_EQ(DeviceLabelOf("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"),
            "Firefox on Linux");
  EXPECT_EQ(DeviceLabelOf("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
                          "Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0"),
            "Edge on Windows");
  EXPECT_EQ(DeviceLabelOf("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like "
                          "Gecko) Version/18.0 Mobile/15E148 Safari/604.1"),
            "Safari on iPhone");
  EXPECT_EQ(DeviceLabelOf("Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 "
                          "Mobile Safari/537.36"),
            "Chrome on Android");
}

TEST(DeviceLabel, KeepsNothingOfWhatAClientMadeUp) {
  EXPECT_EQ(DeviceLabelOf(""), "");
  EXPECT_EQ(DeviceLabelOf("<script>alert(1)</script>"), "");
  EXPECT_EQ(DeviceLabelOf("<b>curl/8"), "curl");
}

}  // namespace
}  // namespace shakehook
