#include "api/http/etag.h"

#include <gtest/gtest.h>

#include "testing/api/api_test_server.h"

namespace shakehook {
namespace {

TEST(Etag, IsFoundInTheFormsThatCompressingProxiesMakeOfIt) {
  for (const char* list : {R"("12")", R"(W/"12")", R"("12-gzip")", R"(W/"12-gzip")", R"("12--gzip")", R"("12-br")",
                           R"("12-zstd")", R"("12-deflate")", R"("12;gzip")", R"("12:br")", R"("12-x-gzip")"}) {
    EXPECT_TRUE(EtagListHas(list, EtagOf(12))) << list;
  }
}

TEST(Etag, IsFoundInALists) {
  for (const char* list : {"*", " * ", R"("1", "12")", R"("12","13")", R"(,, "1",,W/"12",)", R"("a,b" , "12")",
                           "\"1\",\t\"12-gzip\"\t", R"("", "12")"}) {
    EXPECT_TRUE(EtagListHas(list, EtagOf(12))) << list;
  }
}

TEST(Etag, OfAnotherVersionIsNotFound) {
  for (const char* list : {"",
                           ",",
                           "12",
                           R"("1")",
                           R"("112")",
                           R"("120")",
                           R"(W/"1")",
                           R"("1-gzip")",
                           R"("12-other")",
                           R"("gzip")",
                           R"("12gzip")",
                           R"("12-gzip-gzip")",
                           R"("-gzip")",
                           R"(w/"12")",
                           R"("12)",
                           R"(12")",
                           R"("1,"12",2")",
                           R"("12-GZIP")",
                           R"("*")",
                           R"(W/12)",
                           R"("1" "2")"}) {
    EXPECT_FALSE(EtagListHas(list, EtagOf(12))) << list;
  }
}

TEST_F(ApiTest, AnEditGoesThroughACompressingProxyAndAConflictIsStillOne) {
  const auto made = Call("POST", "/api/venues/v1/contacts", R"({"id":"c1","first_name":"A"})");
  std::string etag = made.Header("ETag");
  const auto edit = [&](const std::string& if_match, const std::string& name) {
    return Call("PATCH", "/api/venues/v1/contacts/c1", R"({"first_name":")" + name + "\"}", {{"if-match", if_match}});
  };
  const std::string first = etag;
  for (const std::string name : {"B", "C", "D"}) {
    const std::string marked =
        name == "B" ? "W/" + etag : etag.substr(0, etag.size() - 1) + (name == "C" ? "-gzip\"" : "-br\"");
    const auto edited = edit(marked, name);
    ASSERT_EQ(edited.status, 200) << marked << ' ' << edited.body;
    etag = edited.Header("ETag");
    EXPECT_EQ(edit(marked, "late").status, 412);
  }
  EXPECT_EQ(edit("W/" + first, "late").status, 412);
  EXPECT_EQ(Call("PATCH", "/api/venues/v1/contacts/c1", R"({"first_name":"E"})",
                 {{"if-match", first}, {"if-match", "W/" + etag}})
                .status,
            200);
  EXPECT_EQ(Call("DELETE", "/api/venues/v1/contacts/c1", "", {{"if-match", "W/" + etag}}).status, 412);
}

}  // namespace
}  // namespace shakehook
