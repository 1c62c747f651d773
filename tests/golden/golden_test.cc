// The seed's own examples, made through the API, must arrive as exactly the bytes that the document implies. Each file
// beside this one holds one request as it goes over the wire, with random values in {{braces}}.
//
// Each example is a world of its own: the records that it refers to are made before its webhook, at the seed's times.

#include <gtest/gtest.h>
#include <openssl/hmac.h>

#include <fstream>
#include <map>
#include <sstream>

#include "base/encoding.h"
#include "net/http_client.h"
#include "testing/world/request_recorder.h"
#include "testing/world/world.h"

namespace shakehook {
namespace {

std::string ReadFile(const std::string& name) {
  std::ifstream file(std::string(SUITE_DIRECTORY) + "/" + name, std::ios::binary);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

std::string Replace(std::string text, const std::map<std::string, std::string>& values) {
  for (const auto& [name, value] : values) {
    const std::string placeholder = "{{" + name + "}}";
    for (auto at = text.find(placeholder); at != std::string::npos; at = text.find(placeholder, at)) {
      text.replace(at, placeholder.size(), value);
    }
  }
  return text;
}

// OpenSSL's one-shot function, so that the test does not share the code it checks.
std::string HmacHex(const std::string& key, const std::string& text) {
  std::array<std::uint8_t, 32> digest;
  unsigned size = digest.size();
  HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), AsBytes(text).data(), text.size(), digest.data(), &size);
  return ToHex(digest);
}

class Golden : public testing::Test {
 protected:
  static constexpr std::int64_t kStart = 1'731'490'000'000;  // before the first of the seed's times

  Golden() : world_(WorldOptions()), receiver_(world_.loop()) {}

  static World::Options WorldOptions() {
    World::Options options;
    options.start = FromUnixMs(kStart);
    options.make_transport = [](Loop& loop, const AddressPolicy& policy) {
      return std::make_unique<HttpClient>(loop, policy, *TlsTrust::Load(""));
    };
    return options;
  }

  void At(std::int64_t unix_ms) { world_.Run(FromUnixMs(unix_ms) - world_.clock().Now()); }

  World::Response Make(std::string_view method, std::string_view path, std::string_view body = {}) {
    World::Response response = world_.Call(method, path, body);
    EXPECT_LT(response.status, 300) << method << " " << path << ": " << response.body;
    return response;
  }

  void MakeVenue() {
    Make("POST", "/api/venues-groups", R"({"id":"group456","name":"Paris venues"})");
    Make("POST", "/api/venues", R"({"id":"venue123","name":"Le Grand Salon","venues_group_id":"group456"})");
  }
  void MakeAccount() {
    Make("POST", kAccounts,
         R"({"id":"account-123","name":"Acme Corp","legal_name":"ACME CORPORATION SAS","company_type":"SAS",)"
         R"("company_registration_id":"123456789","vat_number":"FR12345678901","address_line_1":"123 rue Example",)"
         R"("address_line_2":"Batiment A","postal_code":"75001","city":"Paris","country":"France",)"
         R"("billing_address_line_1":"123 rue Example","billing_postal_code":"75001","billing_city":"Paris",)"
         R"("billing_country":"France"})");
  }
  // The keys are in another order than the document's, and one field is sent empty: neither may show.
  void MakeContact() {
    Make("POST", kContacts,
         R"({"city":"Paris","country":"France","id":"contact-456","last_name":"Doe","first_name":"John",)"
         R"("email":"john.doe@example.com","phone":"+33612345678","landline_phone":"+33145678901","title":"CEO",)"
         R"("account_id":"account-123","optin_marketing":true,"address_line_1":"10 rue Example",)"
         R"("address_line_2":"","postal_code":"75001"})");
  }
  void MakeWebhook() {
    const auto response = Make(
        "POST", "/api/webhooks",
        R"({"name":"CRM Sync","url":"http://127.0.0.1:)" + std::to_string(receiver_.port()) +
            R"(/webhooks/bookingshake","scope":{"venue_id":"venue123"},"events":["account.created","account.updated",)"
            R"("account.deleted","contact.created","contact.updated","contact.deleted"]})");
    secret_ = response.Text("secret");
  }

  // Waits for the one request and compares it with the file.
  void ExpectRequest(const std::string& file, std::map<std::string, std::string> values = {}) {
    constexpr int kTurnsMax = 5'000'000;
    for (int turn = 0; turn < kTurnsMax && receiver_.requests().empty(); ++turn) world_.Settle();
    ASSERT_EQ(receiver_.requests().size(), 1u);
    const std::string golden = Replace(ReadFile(file), values);
    const std::string body = golden.substr(golden.find("\r\n\r\n") + 4);
    const Json deliveries = Make("GET", "/api/deliveries").json();
    values["port"] = std::to_string(receiver_.port());
    values["signature"] = HmacHex(secret_, body);
    values["idempotency_key"] = *deliveries.Find("data")->array()->at(0).Find("id")->text();
    values["length"] = std::to_string(body.size());
    EXPECT_EQ(receiver_.requests()[0], Replace(golden, values));
  }

  static constexpr std::string_view kAccounts = "/api/venues/venue123/accounts";
  static constexpr std::string_view kContacts = "/api/venues/venue123/contacts";

  World world_;
  RequestRecorder receiver_;
  std::string secret_;
};

TEST_F(Golden, ContactCreated) {
  MakeVenue();
  MakeAccount();
  MakeWebhook();
  At(1'731'493'800'000);
  MakeContact();
  ExpectRequest("contact_created.http");
}

TEST_F(Golden, ContactUpdated) {
  MakeVenue();
  MakeAccount();
  At(1'731'493'800'000);
  MakeContact();
  MakeWebhook();
  At(1'731'493'900'000);
  Make("PATCH", "/api/venues/venue123/contacts/contact-456", R"({"phone":"+33698765432"})");
  ExpectRequest("contact_updated.http");
}

TEST_F(Golden, ContactDeleted) {
  MakeVenue();
  MakeAccount();
  MakeContact();
  MakeWebhook();
  At(1'731'494'000'000);
  Make("DELETE", "/api/venues/venue123/contacts/contact-456");
  ExpectRequest("contact_deleted.http");
}

TEST_F(Golden, AccountCreated) {
  MakeVenue();
  MakeWebhook();
  At(1'731'495'000'000);
  MakeAccount();
  ExpectRequest("account_created.http");
}

TEST_F(Golden, AccountUpdated) {
  MakeVenue();
  At(1'731'495'000'000);
  MakeAccount();
  MakeWebhook();
  At(1'731'495'100'000);
  Make("PATCH", "/api/venues/venue123/accounts/account-123",
       R"({"vat_number":"FR98765432101","name":"Acme Corporation"})");
  ExpectRequest("account_updated.http");
}

TEST_F(Golden, AccountDeleted) {
  MakeVenue();
  MakeAccount();
  MakeWebhook();
  At(1'731'495'200'000);
  Make("DELETE", "/api/venues/venue123/accounts/account-123");
  ExpectRequest("account_deleted.http");
}

TEST_F(Golden, CustomFieldsComeLastInTheOrderOfTheirDefinitions) {
  MakeVenue();
  const std::string text_code =
      Make("POST", "/api/fields",
           R"({"collection":"clients","label":"Segment","type":"text","venues_group_id":"group456"})")
          .Text("code");
  const std::string choice_code =
      Make("POST", "/api/fields",
           R"({"collection":"clients","label":"Rooms","type":"multiselect","venue_id":"venue123",)"
           R"("data":[{"label":"A","value":0},{"label":"B","value":1},{"label":"C","value":2}]})")
          .Text("code");
  MakeWebhook();
  At(1'731'493'800'000);
  Make("POST", kContacts,
       "{\"" + choice_code + "\":[0,1,2],\"" + text_code +
           R"(":"VIP Customer","last_name":"Doe","first_name":"John","id":"contact-456"})");
  ExpectRequest("custom_fields.http", {{"code_1", text_code}, {"code_2", choice_code}});
}

TEST_F(Golden, AVenueWithoutAGroup) {
  Make("POST", "/api/venues", R"({"id":"venue123","name":"Le Grand Salon"})");
  Make("POST", kContacts, R"({"id":"contact-456"})");
  MakeWebhook();
  At(1'731'494'000'000);
  Make("DELETE", "/api/venues/venue123/contacts/contact-456");
  ExpectRequest("without_group.http");
}

}  // namespace
}  // namespace shakehook
