#include "model/field_error.h"

#include <gtest/gtest.h>

namespace shakehook {
namespace {

TEST(FieldError, IsReadAsItWasWritten) {
  const FieldError error{"3.email", {"too_long", "is longer than {max} bytes", 16}};
  EXPECT_EQ(ToString(ToJson(error)),
            R"({"field":"3.email","detail":"is longer than 16 bytes","code":"too_long","params":{"max":16}})");
  EXPECT_EQ(ReadFieldError(ToJson(error)), error);
}

TEST(FieldError, OfAVersionWithoutCodesIsInvalid) {
  const FieldError error = ReadFieldError(*ParseJson(R"({"field":"email","detail":"is odd"})"));
  EXPECT_EQ(error.field, "email");
  EXPECT_EQ(error.complaint.text(), "is odd");
  EXPECT_EQ(error.complaint.code(), kUnknownComplaint);
}

}  // namespace
}  // namespace shakehook
