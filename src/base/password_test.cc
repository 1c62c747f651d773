#include "base/password.h"

#include <gtest/gtest.h>

namespace shakehook {
namespace {

std::string CostOf(const std::string& hash) { return hash.substr(0, hash.rfind('$', hash.rfind('$') - 1)); }

TEST(Password, IsKnownByItsHashAlone) {
  const std::string hash = HashPassword("correct horse battery");
  EXPECT_TRUE(IsPassword("correct horse battery", hash));
  EXPECT_FALSE(IsPassword("correct horse batterx", hash));
  EXPECT_FALSE(IsPassword("", hash));
  EXPECT_FALSE(IsPassword("correct horse battery", "no hash"));
  EXPECT_NE(HashPassword("correct horse battery"), hash);
}

TEST(Password, CostsTheSameForNobody) {
  EXPECT_EQ(CostOf(NobodysPasswordHash()), CostOf(HashPassword("x")));
  EXPECT_EQ(CostOf(NobodysPasswordHash()), "$argon2id$v=19$m=32768,t=3,p=1");
  EXPECT_FALSE(IsPassword("", NobodysPasswordHash()));
}

}  // namespace
}  // namespace shakehook
