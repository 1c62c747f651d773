#include "api/http/router.h"

#include <gtest/gtest.h>

#include "api/http/parameter_reader.h"
#include "api/http/percent_coding.h"

namespace shakehook {
namespace {

Handler Nothing() {
  return [](ApiServices&, ApiRequest&) -> Async<ApiResponse> { co_return HttpResponse(); };
}

TEST(Router, PrefersALiteralToAParameter) {
  Router router;
  router.Add({"GET", "/things/{id}", Access::kRead, Nothing()});
  router.Add({"POST", "/things/batch", Access::kWrite, Nothing()});
  router.Add({"GET", "/things/{id}/parts/{part}", Access::kRead, Nothing()});
  const auto one = router.Find("GET", "/things/7");
  ASSERT_TRUE(one);
  EXPECT_EQ(one->route->path, "/things/{id}");
  EXPECT_EQ(one->path, std::vector<std::string>{"7"});
  EXPECT_EQ(router.Find("GET", "/things/7/parts/a%20b")->path, (std::vector<std::string>{"7", "a b"}));
  EXPECT_EQ(router.Find("POST", "/things/batch")->route->path, "/things/batch");
  EXPECT_EQ(router.Find("GET", "/things/batch").error().status(), 405);
  EXPECT_EQ(router.Find("GET", "/things").error().status(), 404);
  EXPECT_EQ(router.Find("GET", "/things/7/parts").error().status(), 404);
  EXPECT_EQ(router.Find("GET", "").error().status(), 404);
  EXPECT_EQ(router.Find("GET", "*").error().status(), 404);
  EXPECT_EQ(router.Find("GET", "/").error().status(), 404);
}

TEST(Router, ServesTheRootToo) {
  Router router;
  router.Add({"GET", "/", Access::kOpen, Nothing()});
  EXPECT_TRUE(router.Find("GET", "/"));
  EXPECT_TRUE(router.Find("HEAD", "/"));
}

TEST(PercentDecode, ReadsOnlyWhatIsWellWritten) {
  EXPECT_EQ(PercentDecode("a+b%2Bc", PlusSign::kItself), "a+b+c");
  EXPECT_EQ(PercentDecode("a+b%2bc", PlusSign::kSpace), "a b+c");
  EXPECT_EQ(PercentDecode("%C3%A9\xc3\xa9", PlusSign::kSpace), "éé");
  for (const char* text :
       {"%", "%4", "a%4", "%g0", "%0g", "%c3", "\xff", "%00", "%0a", "\x7f", "%c0%80", "%ed%a0%80"}) {
    EXPECT_EQ(PercentDecode(text, PlusSign::kItself), std::nullopt) << text;
  }
}

TEST(ParseQuery, KeepsOrderAndValues) {
  const std::vector<std::string_view> known = {"q", "limit"};
  EXPECT_EQ(*ParseQuery("limit=1&&q=a%26b=c&", known), (NamedValues{{"limit", "1"}, {"q", "a&b=c"}}));
  EXPECT_EQ(*ParseQuery("q", known), (NamedValues{{"q", ""}}));
  EXPECT_EQ(*ParseQuery("", known), NamedValues());
}

}  // namespace
}  // namespace shakehook
