#include "api/access/second_factor.h"

#include <gtest/gtest.h>

#include <set>

#include "api/access/operator_link.h"
#include "base/totp.h"
#include "testing/api/api_test_browser.h"

namespace shakehook {
namespace {

constexpr Milliseconds kStep{30'000};

TEST(RecoveryCodes, AreTenAndReadHoweverTheyAreTyped) {
  SeededRandom random(1);
  const auto codes = MakeRecoveryCodes(random);
  EXPECT_EQ(std::set<std::string>(codes.begin(), codes.end()).size(), kRecoveryCodes);
  EXPECT_EQ(codes[0].size(), 11u);
  EXPECT_EQ(RecoveryHashOf("k3m9q-7fx2w"), RecoveryHashOf(" K3M9Q 7FX2W"));
  EXPECT_NE(RecoveryHashOf("k3m9q-7fx2w"), RecoveryHashOf("k3m9q-7fx2v"));
}

TEST(OtpauthUri, CarriesTheSecretAndWhoseItIs) {
  EXPECT_EQ(OtpauthUri("foobar", "a+b@x.fr"),
            "otpauth://totp/Shakehook:a%2Bb%40x.fr?secret=MZXW6YTBOI&issuer=Shakehook");
}

class SecondFactors : public ApiTest {
 protected:
  SecondFactors() {
    user_ = ApiTestBrowser::MakeUser(*this, "ada@example.com", "administrator", "{}").Text("id");
    EXPECT_EQ(browser_.SignIn("ada@example.com").status, 201);
  }

  Response Begin() {
    return browser_.Call("POST", "/api/session/second-factor", R"({"current_password":"correct horse battery"})");
  }
  Response Confirm(const std::string& code) {
    return browser_.Call("POST", "/api/session/second-factor/confirm", R"({"code":")" + code + "\"}");
  }
  // Switches it on; returns the recovery codes.
  std::vector<std::string> SwitchOn() {
    EXPECT_EQ(Begin().status, 201);
    const auto confirmed = Confirm(Code());
    EXPECT_EQ(confirmed.status, 201) << confirmed.body;
    std::vector<std::string> codes;
    const Json json = confirmed.json();
    for (const Json& code : *json.Find("recovery_codes")->array()) codes.push_back(*code.text());
    clock().Advance(kStep);
    return codes;
  }
  std::string Code() {
    return TotpCode(store().config_cache().FindUser(*UserId::Parse(user_))->second_factor->secret,
                    TotpStepAt(clock().Now()));
  }
  Response SignIn(const std::string& code, std::string_view password = kTestPassword) {
    return ApiTestBrowser(*this).Call(
        "POST", "/api/session",
        R"({"email":"ada@example.com","password":")" + std::string(password) + R"(","code":")" + code + "\"}");
  }
  static std::string KindOf(const Response& response) { return response.Text("type"); }

  std::string user_;
  ApiTestBrowser browser_{*this};
};

TEST_F(SecondFactors, AreAskedForOnceTheyAreConfirmed) {
  const auto begun = Begin();
  ASSERT_EQ(begun.status, 201) << begun.body;
  EXPECT_EQ(begun.Text("secret").size(), 32u);
  EXPECT_NE(begun.Text("uri").find("secret=" + begun.Text("secret")), std::string::npos);
  EXPECT_EQ(ApiTestBrowser(*this).SignIn("ada@example.com").status, 201);
  EXPECT_EQ(Confirm("000000").BadFields(), "code");
  EXPECT_EQ(Confirm(Code()).status, 201);
  EXPECT_EQ(Begin().status, 409);
  EXPECT_EQ(Confirm(Code()).status, 409);

  const auto asked = ApiTestBrowser(*this).SignIn("ada@example.com");
  EXPECT_EQ(asked.status, 401);
  EXPECT_EQ(KindOf(asked), "/docs#problem-second-factor-needed");
  EXPECT_EQ(KindOf(ApiTestBrowser(*this).SignIn("ada@example.com", "wrong")), "/docs#problem-wrong-credentials");
  clock().Advance(kStep);
  const std::string code = Code();
  EXPECT_EQ(KindOf(SignIn(code, "wrong")), "/docs#problem-wrong-credentials");
  EXPECT_EQ(KindOf(SignIn("000000")), "/docs#problem-wrong-code");
  EXPECT_EQ(SignIn(code).status, 201);
  EXPECT_EQ(KindOf(SignIn(code)), "/docs#problem-wrong-code") << "a code is taken once";
  EXPECT_NE(Call("GET", "/api/audit?action=session.failed").body.find("wrong code"), std::string::npos);
}

TEST_F(SecondFactors, TheCodeOfTheConfirmationIsGoodForNoSignIn) {
  Begin();
  const std::string code = Code();
  Confirm(code);
  EXPECT_EQ(SignIn(code).status, 401);
}

TEST_F(SecondFactors, OfTwoSignInsWithOneCodeOneWins) {
  SwitchOn();
  const std::string body = R"({"email":"ada@example.com","password":"correct horse battery","code":")" + Code() + "\"}";
  Use("");
  auto one = ApiTestServer::Begin("POST", "/api/session", body);
  auto two = ApiTestServer::Begin("POST", "/api/session", body);
  UseAdmin();
  Settle();
  ASSERT_TRUE(*one && *two);
  EXPECT_EQ((*one)->status + (*two)->status, 201 + 401);
}

TEST_F(SecondFactors, RecoveryCodesAreGoodOnceEach) {
  const auto codes = SwitchOn();
  ASSERT_EQ(codes.size(), 10u);
  EXPECT_EQ(SignIn(codes[3]).status, 201);
  EXPECT_EQ(SignIn(codes[3]).status, 401);
  EXPECT_EQ(SignIn(codes[4]).status, 201);
  Reopen();
  EXPECT_EQ(SignIn(codes[4]).status, 401);
  EXPECT_EQ(SignIn(codes[5]).status, 201);
  EXPECT_NE(Call("GET", "/api/audit?action=session.created").body.find("with a recovery code"), std::string::npos);
}

TEST_F(SecondFactors, EndWithThePasswordAndACode) {
  SwitchOn();
  const auto off = [&](std::string_view password, const std::string& code) {
    return browser_.Call("POST", "/api/session/second-factor/off",
                         R"({"current_password":")" + std::string(password) + R"(","code":")" + code + "\"}");
  };
  EXPECT_EQ(off("wrong", Code()).BadFields(), "current_password");
  EXPECT_EQ(off(kTestPassword, "000000").BadFields(), "code");
  const std::string code = Code();
  EXPECT_EQ(off(kTestPassword, code).status, 204);
  EXPECT_EQ(off(kTestPassword, code).status, 409);
  EXPECT_EQ(ApiTestBrowser(*this).SignIn("ada@example.com").status, 201);
  EXPECT_EQ(Call("GET", "/api/audit?action=second_factor.off").json().Find("data")->array()->size(), 1u);
}

TEST_F(SecondFactors, AnAdministratorSwitchesOffAnothers) {
  SwitchOn();
  const std::string path = "/api/users/" + user_ + "/second-factor";
  EXPECT_TRUE(*Call("GET", "/api/users/" + user_).json().Find("second_factor")->boolean());
  ApiTestBrowser::MakeUser(*this, "max@example.com", "manager", "{}");
  ApiTestBrowser manager(*this);
  manager.SignIn("max@example.com");
  EXPECT_EQ(manager.Call("DELETE", path).status, 403);
  EXPECT_EQ(Call("DELETE", path).status, 204);
  EXPECT_EQ(Call("DELETE", path).status, 204);
  EXPECT_EQ(ApiTestBrowser(*this).SignIn("ada@example.com").status, 201);
  EXPECT_EQ(Call("GET", "/api/audit?action=second_factor.off").json().Find("data")->array()->size(), 1u);
}

TEST_F(SecondFactors, AnAdministratorSwitchesOffNotTheirOwnWithoutACode) {
  SwitchOn();
  const std::string path = "/api/users/" + user_ + "/second-factor";
  EXPECT_EQ(browser_.Call("DELETE", path).status, 403);
  EXPECT_TRUE(*Call("GET", "/api/users/" + user_).json().Find("second_factor")->boolean());
  EXPECT_EQ(Call("DELETE", path).status, 204);
}

// Six digits would be guessed in days by who has the password.
TEST_F(SecondFactors, GuessesOfCodesAreSlowedApart) {
  SwitchOn();
  for (int i = 0; i < 10; ++i) ASSERT_EQ(SignIn("000000").status, 401) << i;
  clock().Advance(kStep * 2);
  const auto slowed = SignIn(Code());
  EXPECT_EQ(slowed.status, 429);
  EXPECT_EQ(slowed.Header("Retry-After"), "240");
  clock().Advance(Milliseconds(240'000));
  EXPECT_EQ(SignIn(Code()).status, 201);
}

TEST_F(SecondFactors, AResetOfThePasswordKeepsThemUnlessTheOperatorSaysOtherwise) {
  SwitchOn();
  SeededRandom random(1);
  const auto accept = [&](Switch off) {
    const SharedUser user = store().config_cache().FindUser(*UserId::Parse(user_));
    const std::string token = SealOperatorLink({.user = user->id,
                                                .epoch = user->epoch,
                                                .expires_at = clock().Now() + Milliseconds(1000),
                                                .second_factor_off = off},
                                               box(), random);
    return browser_
        .Call("POST", "/api/user-links", R"({"token":")" + token + R"(","password":"correct horse battery"})")
        .status;
  };
  EXPECT_EQ(accept(Switch::kOff), 204);
  EXPECT_EQ(ApiTestBrowser(*this).SignIn("ada@example.com").status, 401);
  EXPECT_EQ(accept(Switch::kOn), 204);
  EXPECT_EQ(ApiTestBrowser(*this).SignIn("ada@example.com").status, 201);
}

TEST_F(SecondFactors, AreForSignedInUsersAlone) {
  EXPECT_EQ(Call("POST", "/api/session/second-factor", R"({"current_password":"x"})").status, 401);
  EXPECT_EQ(browser_.Call("POST", "/api/session/second-factor", R"({"current_password":"wrong"})").BadFields(),
            "current_password");
  EXPECT_EQ(Confirm("123456").status, 409);
}

}  // namespace
}  // namespace shakehook
