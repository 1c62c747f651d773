#include "model/audit_detail.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace shakehook {
namespace {

TEST(AuditDetails, AreReadAsATextAndAsCodesWithTheirValues) {
  AuditDetails details("invitation", "invitation");
  details.Add("from_network", "from {network}", "10.0.0.0/24");
  details.Add("with_overlap", "with an overlap of {seconds} s", 60);
  const ShownAuditDetails shown = ReadAuditDetails(details.ToStored());
  EXPECT_EQ(shown.text, "invitation, from 10.0.0.0/24, with an overlap of 60 s");
  ASSERT_TRUE(shown.codes);
  EXPECT_EQ(ToString(*shown.codes),
            R"([{"code":"invitation","params":{}},{"code":"from_network","params":{"network":"10.0.0.0/24"}},)"
            R"({"code":"with_overlap","params":{"seconds":60}}])");
}

TEST(AuditDetails, ThatAreNoneAreAnEmptyText) {
  EXPECT_EQ(AuditDetails().ToStored(), "");
  const ShownAuditDetails shown = ReadAuditDetails("");
  EXPECT_EQ(shown.text, "");
  EXPECT_FALSE(shown.codes);
}

TEST(AuditDetails, OfAVersionWithoutCodesAreAText) {
  for (const std::string old : {"from 10.0.0.0/24, wrong code", "name, role", "[not JSON", "[1]"}) {
    const ShownAuditDetails shown = ReadAuditDetails(old);
    EXPECT_EQ(shown.text, old);
    EXPECT_FALSE(shown.codes) << old;
  }
}

}  // namespace
}  // namespace shakehook
