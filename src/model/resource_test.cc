#include "model/resource.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <ctime>

#include "model/payload.h"

namespace shakehook {
namespace {

using Definitions = std::vector<std::shared_ptr<const CustomField>>;

std::shared_ptr<const CustomField> Field(std::string_view uuid, CustomFieldType type,
                                         std::vector<CustomFieldOption> options = {}) {
  CustomField field;
  field.uuid = *Uuid::Parse(uuid);
  field.type = type;
  field.options = std::move(options);
  return std::make_shared<CustomField>(field);
}

constexpr std::string_view kVip = "5d07ff93-9b23-4e37-8654-4661fcfd8da8";
constexpr std::string_view kTags = "7a12bc34-5de6-4f78-9012-3456789abcde";

Definitions SeedFields() {
  return {Field(kVip, CustomFieldType::kText),
          Field(kTags, CustomFieldType::kMultiselect, {{"none", Json(0)}, {"some", Json(1)}, {"all", Json(2)}})};
}

Resource NewContact() {
  Resource contact(ResourceKind::kContact);
  contact.id = {"contact-456"};
  contact.created_at = FromUnixMs(1'731'493'800'000);
  return contact;
}

std::vector<FieldError> MergeText(Resource& resource, std::string_view patch, const Definitions& fields = {}) {
  return Merge(resource, *ParseJson(patch), fields);
}

TEST(Resource, PutsKeysInTheOrderOfTheDocumentAndLeavesOutWhatHasNoValue) {
  Resource contact = NewContact();
  EXPECT_TRUE(MergeText(contact, R"({"city":"Paris","first_name":"John","optin_marketing":false,"phone":""})").empty());
  EXPECT_EQ(
      ToData(contact),
      R"({"id":"contact-456","first_name":"John","optin_marketing":false,"city":"Paris","created_at":1731493800000})");
}

TEST(Resource, PutsCustomFieldsLastInTheOrderOfTheirDefinitions) {
  Resource contact = NewContact();
  const Definitions fields = SeedFields();
  EXPECT_TRUE(MergeText(contact,
                        R"({"custom_7a12bc34-5de6-4f78-9012-3456789abcde":[0,1,2],)"
                        R"("custom_5d07ff93-9b23-4e37-8654-4661fcfd8da8":"VIP Customer","first_name":"John"})",
                        fields)
                  .empty());
  EXPECT_EQ(ToData(contact), R"({"id":"contact-456","first_name":"John","created_at":1731493800000,)"
                             R"("custom_5d07ff93-9b23-4e37-8654-4661fcfd8da8":"VIP Customer",)"
                             R"("custom_7a12bc34-5de6-4f78-9012-3456789abcde":[0,1,2]})");
}

TEST(Resource, ReadsBackItsDataWithoutDefinitionsThatAreGone) {
  Resource contact = NewContact();
  const Definitions fields = SeedFields();
  EXPECT_TRUE(MergeText(contact,
                        R"({"email":"john.doe@example.com","custom_7a12bc34-5de6-4f78-9012-3456789abcde":[2],)"
                        R"("custom_5d07ff93-9b23-4e37-8654-4661fcfd8da8":"x"})",
                        fields)
                  .empty());
  EXPECT_EQ(FromData(ResourceKind::kContact, ToData(contact), fields), contact);
  EXPECT_EQ(ToData(FromData(ResourceKind::kContact, ToData(contact), {})),
            R"({"id":"contact-456","email":"john.doe@example.com","created_at":1731493800000})");
}

TEST(Resource, ClearsAFieldByNullAndByTheEmptyText) {
  Resource contact = NewContact();
  EXPECT_TRUE(MergeText(contact, R"({"first_name":"John","last_name":"Doe","optin_marketing":true})").empty());
  EXPECT_TRUE(MergeText(contact, R"({"first_name":null,"last_name":"","optin_marketing":null})").empty());
  EXPECT_EQ(contact, NewContact());
}

TEST(Resource, NamesEachBadFieldAndMergesNothing) {
  Resource contact = NewContact();
  const auto errors = MergeText(contact, R"({"first_name":"ok","firstname":"x","email":"nobody","phone":33,)"
                                         R"("optin_marketing":"yes","id":"other","created_at":1,"custom_x":1})");
  std::vector<std::string> fields;
  for (const FieldError& error : errors) fields.push_back(error.field);
  EXPECT_EQ(fields, (std::vector<std::string>{"firstname", "email", "phone", "optin_marketing", "id", "created_at",
                                              "custom_x"}));
  EXPECT_EQ(contact, NewContact());
}

TEST(Resource, TakesItsOwnIdAndTimeBack) {
  Resource contact = NewContact();
  EXPECT_TRUE(MergeText(contact, R"({"id":"contact-456","created_at":1731493800000})").empty());
}

TEST(Resource, RefusesTextOverTheLimitAndDataOverTheLimit) {
  Resource contact = NewContact();
  EXPECT_FALSE(MergeText(contact, "{\"city\":\"" + std::string(1025, 'x') + "\"}").empty());
  EXPECT_TRUE(MergeText(contact, "{\"city\":\"" + std::string(1024, 'x') + "\"}").empty());
  const Definitions fields = {Field(kVip, CustomFieldType::kObject)};
  const std::string code = "custom_" + std::string(kVip);
  EXPECT_FALSE(MergeText(contact, "{\"" + code + "\":{\"k\":\"" + std::string(70'000, 'x') + "\"}}", fields).empty());
}

TEST(Resource, MergesObjectsOfCustomFieldsMemberByMember) {
  Resource contact = NewContact();
  const Definitions fields = {Field(kVip, CustomFieldType::kObject)};
  const std::string code = "custom_" + std::string(kVip);
  EXPECT_TRUE(MergeText(contact, "{\"" + code + R"(":{"a":1,"b":{"c":2,"d":3}}})", fields).empty());
  EXPECT_TRUE(MergeText(contact, "{\"" + code + R"(":{"a":null,"b":{"c":4},"e":5}})", fields).empty());
  EXPECT_EQ(ToString(contact.custom[0].second), R"({"b":{"c":4,"d":3},"e":5})");
}

// Returns the processor time of merging a patch of `keys` keys into an object with as many, the best of some tries.
double SecondsToMerge(int keys, std::string_view value) {
  const Definitions fields = {Field(kVip, CustomFieldType::kObject)};
  const std::string code = "custom_" + std::string(kVip);
  const auto object = [&](std::string_view each) {
    std::string text = "{\"" + code + "\":{";
    for (int i = 0; i < keys; ++i) text += (i == 0 ? "\"" : ",\"") + std::to_string(i) + "\":" + std::string(each);
    return *ParseJson(text + "}}");
  };
  Resource before = NewContact();
  EXPECT_TRUE(Merge(before, object("1"), fields).empty());
  const Json patch = object(value);
  double best = 1e9;
  for (int tries = 0; tries < 5; ++tries) {
    Resource contact = before;
    const std::clock_t began = std::clock();
    EXPECT_TRUE(Merge(contact, patch, fields).empty());
    best = std::min(best, static_cast<double>(std::clock() - began) / CLOCKS_PER_SEC);
  }
  return best;
}

TEST(Resource, AnObjectOfManyKeysBlocksTheLoop) {
  // Ten times as many keys took a hundred times as long.
  for (const std::string_view value : {"2", "null"}) {
    const double few = std::max(SecondsToMerge(700, value), 0.000'1);
    EXPECT_LT(SecondsToMerge(7'000, value), 40 * few) << value;
  }
}

TEST(Resource, RefusesWhatIsTooLargeBeforeItIsMerged) {
  Resource contact = NewContact();
  const Definitions fields = {Field(kVip, CustomFieldType::kObject)};
  const std::string code = "custom_" + std::string(kVip);
  std::string many;
  for (int i = 0; i < 90'000; ++i) many += (i == 0 ? "\"" : ",\"") + std::to_string(i) + "\":1";
  const auto errors = MergeText(contact, "{\"" + code + "\":{" + many + "}}", fields);
  ASSERT_EQ(errors.size(), 1u);
  EXPECT_EQ(errors[0].field, code);
  // It is as large as a resource may be, and larger with nulls, which remove members.
  const std::string large = "{\"" + code + "\":{\"x\":\"" + std::string(kDataBytesMax - 200, 'x') + "\"}}";
  EXPECT_TRUE(MergeText(contact, large, fields).empty());
  std::string nulls;
  for (int i = 0; i < 20'000; ++i) nulls += ",\"" + std::to_string(i) + "\":null";
  EXPECT_TRUE(MergeText(contact, "{\"" + code + "\":{\"x\":null" + nulls + "}}", fields).empty());
  EXPECT_EQ(ToString(contact.custom.at(0).second), "{}");
}

TEST(Resource, KeepsTheOrderOfManyCustomFields) {
  Definitions fields;
  std::string patch;
  for (int i = 0; i < 100; ++i) {
    std::string uuid(kVip);
    const std::string number = std::to_string((i * 37) % 100 + 100);
    uuid.replace(0, 3, number);
    fields.push_back(Field(uuid, CustomFieldType::kNumber));
    patch = "\"custom_" + uuid + "\":" + std::to_string(i) + (patch.empty() ? "" : ",") + patch;
  }
  Resource contact = NewContact();
  EXPECT_TRUE(MergeText(contact, "{" + patch + "}", fields).empty());
  ASSERT_EQ(contact.custom.size(), 100u);
  for (std::size_t i = 0; i < 100; ++i) {
    EXPECT_EQ(contact.custom[i].first, fields[i]->Code());
    EXPECT_EQ(contact.custom[i].second, Json(static_cast<std::int64_t>(i)));
  }
  EXPECT_EQ(FromData(ResourceKind::kContact, ToData(contact), fields), contact);
}

TEST(CustomField, HoldsOnlyValuesOfItsType) {
  struct Case {
    CustomFieldType type;
    std::string_view value;
    bool fits;
  };
  const Case cases[] = {
      {CustomFieldType::kText, "\"x\"", true},
      {CustomFieldType::kText, "1", false},
      {CustomFieldType::kNumber, "79.99", true},
      {CustomFieldType::kNumber, "\"1\"", false},
      {CustomFieldType::kDate, "\"2024-02-29\"", true},
      {CustomFieldType::kDate, "\"2023-02-29\"", false},
      {CustomFieldType::kDate, "\"2024-2-29\"", false},
      {CustomFieldType::kDate, "\"2024-+2-29\"", false},
      {CustomFieldType::kSelect, "1", true},
      {CustomFieldType::kSelect, "\"1\"", false},
      {CustomFieldType::kSelect, "\"b\"", true},
      {CustomFieldType::kMultiselect, "[1,\"b\"]", true},
      {CustomFieldType::kMultiselect, "[]", true},
      {CustomFieldType::kMultiselect, "[3]", false},
      {CustomFieldType::kMultiselect, "[1,1]", false},
      {CustomFieldType::kMultiselect, "1", false},
      {CustomFieldType::kObject, "{\"a\":1}", true},
      {CustomFieldType::kObject, "[1]", false},
  };
  for (const Case& c : cases) {
    const auto field = Field(kVip, c.type, {{"one", Json(1)}, {"b", Json("b")}});
    EXPECT_EQ(CheckCustomValue(*field, *ParseJson(c.value)).has_value(), c.fits) << ToString(c.type) << " " << c.value;
  }
}

TEST(Payload, HasTheDocumentsKeysInOrder) {
  const VenueId venue{"venue123"};
  const std::optional<VenuesGroupId> group = VenuesGroupId{"group456"};
  EXPECT_EQ(BuildPayload({.type = EventType::kContactDeleted,
                          .timestamp = FromUnixMs(1'731'494'000'000),
                          .venue_id = venue,
                          .venues_group_id = group,
                          .data = DeletedData({"contact-456"})}),
            R"({"event":"contact.deleted","timestamp":1731494000000,"venue_id":"venue123",)"
            R"("venues_group_id":"group456","data":{"id":"contact-456"}})");
}

TEST(Payload, TimestampsOfOneResourceStrictlyIncrease) {
  const Timestamp now = FromUnixMs(1'000);
  EXPECT_EQ(NextTimestamp(now, std::nullopt), now);
  EXPECT_EQ(NextTimestamp(now, FromUnixMs(999)), now);
  EXPECT_EQ(NextTimestamp(now, now), FromUnixMs(1'001));
  EXPECT_EQ(NextTimestamp(now, FromUnixMs(5'000)), FromUnixMs(5'001));
}

TEST(EventType, NamesReadBack) {
  for (const EventType type : kEventTypes) {
    EXPECT_EQ(ParseEventType(ToString(type)), type);
    EXPECT_EQ(EventTypeOf(KindOf(type), VerbOf(type)), type);
  }
  EXPECT_EQ(ParseEventType("contact.create"), std::nullopt);
}

TEST(TextId, IsWhatTheContractAllows) {
  for (const char* text : {"a", "venue123", "A.b_c-d", "0"}) EXPECT_TRUE(IsValidTextId(text)) << text;
  for (const char* text : {"", "-a", ".a", "a b", "a/b", "é", "batch"}) EXPECT_FALSE(IsValidTextId(text)) << text;
  EXPECT_TRUE(IsValidTextId(std::string(128, 'a')));
  EXPECT_FALSE(IsValidTextId(std::string(129, 'a')));
}

TEST(Scope, CoversItsVenues) {
  Venue venue;
  venue.id = {"v1"};
  venue.venues_group_id = VenuesGroupId{"g1"};
  EXPECT_TRUE(Scope::All().Covers(venue));
  EXPECT_TRUE(Scope::Of(VenuesGroupId{"g1"}).Covers(venue));
  EXPECT_FALSE(Scope::Of(VenuesGroupId{"g2"}).Covers(venue));
  EXPECT_TRUE(Scope::Of(VenueId{"v1"}).Covers(venue));
  EXPECT_FALSE(Scope::Of(VenueId{"g1"}).Covers(venue));
  EXPECT_FALSE(Contains(Scope::Of(VenueId{"v1"}), Scope::Of(VenuesGroupId{"g1"}), nullptr));
  EXPECT_TRUE(Contains(Scope::Of(VenuesGroupId{"g1"}), Scope::Of(VenueId{"v1"}), &venue));
}

TEST(Merge, LooksNoFurtherWhereTenThousandMembersAreWrong) {
  Json patch{Json::Object()};
  for (int i = 0; i < 70'000; ++i) patch.Add("k" + std::to_string(i), 1);
  Resource contact = NewContact();
  const auto errors = Merge(contact, patch, {});
  EXPECT_EQ(errors.size(), 10 * kErrorsToldMax);
  EXPECT_EQ(errors[kErrorsToldMax - 1].field, "k999");
  EXPECT_EQ(errors[kErrorsToldMax], FieldError::Untold());
}

}  // namespace
}  // namespace shakehook
