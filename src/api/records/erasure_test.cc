#include "testing/api/api_world_fixture.h"

namespace shakehook {
namespace {

// Deleting a contact with all data that is kept of it.
class Erasure : public ApiWorld {
 protected:
  static constexpr const char* kContact = "/api/venues/v/contacts/c";

  void MakeJane() {
    EXPECT_EQ(
        Call("POST", "/api/venues/v/contacts", R"({"id":"c","first_name":"Jane","email":"jane@example.com"})").status,
        201);
  }
  // The API's JSON of all deliveries and events.
  std::string Log() {
    std::string log;
    for (const char* list : {"/api/events", "/api/deliveries"}) {
      const std::vector<Json> entries = *Call("GET", list).json().Find("data")->array();
      for (const Json& entry : entries) {
        log += Call("GET", std::string(list) + "/" + *entry.Find("id")->text()).body;
      }
    }
    return log;
  }
};

TEST_F(Erasure, LeavesNoDataOfTheContactInTheLog) {
  MakeWebhook();
  response_.body = "Thank you, Jane!";
  MakeJane();
  world_.Run(Milliseconds(1'000));
  EXPECT_NE(Log().find("jane@example.com"), std::string::npos);
  EXPECT_NE(Log().find("Thank you"), std::string::npos);
  EXPECT_EQ(Call("DELETE", std::string(kContact) + "?erase=true").status, 204);
  EXPECT_EQ(Call("GET", kContact).status, 404);
  EXPECT_EQ(Log().find("jane@example.com"), std::string::npos);
  EXPECT_EQ(Log().find("Jane"), std::string::npos);
  EXPECT_NE(Log().find("contact.created"), std::string::npos);
}

TEST_F(Erasure, SendsWhatIsStillOwedWithoutData) {
  MakeWebhook();
  response_.status = 500;
  MakeJane();
  world_.Run(Milliseconds(1'000));
  ASSERT_EQ(received_.size(), 1u);
  EXPECT_NE(received_[0].body.find("Jane"), std::string::npos);
  Call("DELETE", std::string(kContact) + "?erase=true");
  response_.status = 204;
  world_.Run(Milliseconds(60'000));
  ASSERT_EQ(received_.size(), 2u);
  EXPECT_EQ(received_[1].body.find("Jane"), std::string::npos);
  EXPECT_NE(received_[1].body.find(R"("data":{"id":"c"})"), std::string::npos);
}

TEST_F(Erasure, IsAlsoForOneThatWasDeletedBeforeAndIsRecorded) {
  MakeJane();
  EXPECT_EQ(Call("DELETE", kContact).status, 204);
  EXPECT_EQ(Call("DELETE", kContact).status, 404);
  EXPECT_NE(Log().find("Jane"), std::string::npos);
  EXPECT_EQ(Call("DELETE", std::string(kContact) + "?erase=true").status, 204);
  EXPECT_EQ(Log().find("Jane"), std::string::npos);
  const auto audit = Call("GET", "/api/audit?action=resource.erased");
  const std::vector<Json> entries = *audit.json().Find("data")->array();
  ASSERT_EQ(entries.size(), 1u) << audit.body;
  const Json& entry = entries[0];
  EXPECT_EQ(*entry.Find("subject")->Find("kind"), Json("contact"));
  EXPECT_EQ(*entry.Find("subject")->Find("id"), Json("c"));
  EXPECT_EQ(audit.body.find("Jane"), std::string::npos);
}

TEST_F(Erasure, OfWhatNeverWasIsNotFoundAndNotRecorded) {
  EXPECT_EQ(Call("DELETE", "/api/venues/v/contacts/none?erase=true").status, 404);
  EXPECT_EQ(Call("DELETE", "/api/venues/none/contacts/c?erase=true").status, 404);
  EXPECT_EQ(Call("DELETE", "/api/venues/v/contacts/c?erase=yes").status, 422);
  EXPECT_EQ(Call("GET", "/api/audit?action=resource.erased").json().Find("data")->array()->size(), 0u);
}

}  // namespace
}  // namespace shakehook
