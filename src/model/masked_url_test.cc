#include "model/masked_url.h"

#include <gtest/gtest.h>

namespace shakehook {
namespace {

TEST(MaskedUrl, LeavesAPlainAddressAsItIs) {
  for (const char* const url : {"https://crm.example.com", "https://crm.example.com/", "http://127.0.0.1:8080/hook",
                                "https://api.example.com/v1/webhooks/booking-shake"}) {
    EXPECT_EQ(MaskedUrl(url), url);
  }
}

TEST(MaskedUrl, HidesTheCredentialsThatServicesPutIntoTheirUrls) {
  EXPECT_EQ(MaskedUrl("https://hooks.slack.com/services/T0123/B0456/abcDEF789"),
            "https://hooks.slack.com/services/***");
  EXPECT_EQ(MaskedUrl("https://hooks.zapier.com/hooks/catch/123456/abcdef/"),
            "https://hooks.zapier.com/hooks/catch/***");
  EXPECT_EQ(MaskedUrl("https://acme.webhook.office.com/webhookb2/1b-2c@3d/IncomingWebhook/9f"),
            "https://acme.webhook.office.com/***");
  EXPECT_EQ(MaskedUrl("https://hook.eu1.make.com/abcdefghijklmnopqrstuvwxyz"), "https://hook.eu1.make.com/***");
}

TEST(MaskedUrl, HidesAQuery) {
  EXPECT_EQ(MaskedUrl("https://crm.example.com/hook?token=secret"), "https://crm.example.com/hook?***");
  EXPECT_EQ(MaskedUrl("https://crm.example.com?token=secret"), "https://crm.example.com?***");
}

}  // namespace
}  // namespace shakehook
