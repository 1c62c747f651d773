#include "api/webhooks/test_samples.h"

#include "base/check.h"
#include "model/payload.h"
#include "model/resource.h"

namespace shakehook {
namespace {

constexpr std::string_view kAccount = R"({
  "name": "Test Company", "legal_name": "TEST COMPANY SAS", "company_type": "SAS",
  "company_registration_id": "123456789", "vat_number": "FR12345678901",
  "address_line_1": "123 rue Example", "address_line_2": "Batiment A",
  "postal_code": "75001", "city": "Paris", "country": "France",
  "billing_address_line_1": "123 rue Example", "billing_postal_code": "75001",
  "billing_city": "Paris", "billing_country": "France"
})";

constexpr std::string_view kContact = R"({
  "first_name": "Test", "last_name": "Contact", "email": "test.contact@shakehook.example",
  "phone": "+33612345678", "landline_phone": "+33145678901", "title": "CEO",
  "account_id": "test-account", "optin_marketing": true,
  "address_line_1": "10 rue Example", "postal_code": "75001", "city": "Paris", "country": "France"
})";

// The age of a sample that is updated, as in the document's examples.
constexpr Milliseconds kAge{100'000};

}  // namespace

TestSample MakeTestSample(EventType type, Timestamp now) {
  const ResourceKind kind = KindOf(type);
  const bool account = kind == ResourceKind::kAccount;
  Resource resource(kind);
  resource.id.text = account ? "test-account" : "test-contact";
  if (VerbOf(type) == Verb::kDeleted) return {resource.id, DeletedData(resource.id)};
  resource.created_at = VerbOf(type) == Verb::kCreated ? now : now - kAge;
  const auto fields = ParseJson(account ? kAccount : kContact);
  CHECK(fields && Merge(resource, *fields, {}).empty());
  return {resource.id, ToData(resource)};
}

}  // namespace shakehook
