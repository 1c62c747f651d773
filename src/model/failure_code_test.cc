#include "model/failure_code.h"

#include <gtest/gtest.h>

#include <set>

#include "testing/failure_codes.h"

namespace shakehook {
namespace {

TEST(FailureCode, TellsCausesApartThatNeedDifferentCures) {
  EXPECT_EQ(FailureCode(FailureClass::kNone, std::nullopt), "");
  EXPECT_EQ(FailureCode(FailureClass::kTls, std::nullopt), "tls");
  EXPECT_EQ(FailureCode(FailureClass::kStatus, 301), "redirect");
  EXPECT_EQ(FailureCode(FailureClass::kStatus, 401), "unauthorized");
  EXPECT_EQ(FailureCode(FailureClass::kStatus, 418), "client_error");
  EXPECT_EQ(FailureCode(FailureClass::kStatus, 599), "server_error");
  EXPECT_EQ(FailureCode(FailureClass::kStatus, 199), "status");
}

TEST(FailureCode, IsOneOfTheList) {
  std::set<std::string_view> codes;
  for (int failure = 1; failure <= static_cast<int>(FailureClass::kInternal); ++failure) {
    codes.insert(FailureCode(static_cast<FailureClass>(failure), std::nullopt));
  }
  for (int status = 100; status < 600; ++status) codes.insert(FailureCode(FailureClass::kStatus, status));
  EXPECT_EQ(codes, std::set(kFailureCodes.begin(), kFailureCodes.end()));
}

}  // namespace
}  // namespace shakehook
