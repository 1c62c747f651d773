#include "model/audit_detail.h"

namespace shakehook {
namespace {

constexpr std::string_view kBetween = ", ";

const std::string* TextOf(const Json& json, std::string_view key) {
  const Json* const found = json.Find(key);
  return found == nullptr ? nullptr : found->text();
}

}  // namespace

AuditDetails& AuditDetails::Add(AuditDetailCode code, Sentence sentence) {
  Json detail{Json::Object()};
  detail.Add("code", code.text());
  detail.Add("text", std::move(sentence.text));
  detail.Add("params", std::move(sentence.params));
  details_.push_back(std::move(detail));
  return *this;
}

std::string AuditDetails::ToStored() const { return details_.empty() ? std::string() : ToString(Json(details_)); }

ShownAuditDetails ReadAuditDetails(const std::string& stored) {
  // No text of a version without codes begins with a bracket.
  const auto parsed = stored.starts_with('[') ? ParseJson(stored) : std::unexpected(JsonError());
  if (!parsed || parsed->array() == nullptr) return {.text = stored, .codes = std::nullopt};
  ShownAuditDetails shown;
  Json::Array codes;
  for (const Json& detail : *parsed->array()) {
    const std::string* const code = TextOf(detail, "code");
    const std::string* const text = TextOf(detail, "text");
    const Json* const params = detail.Find("params");
    if (code == nullptr || text == nullptr || params == nullptr) return {.text = stored, .codes = std::nullopt};
    shown.text += (shown.text.empty() ? "" : std::string(kBetween)) + *text;
    Json each{Json::Object()};
    each.Add("code", *code);
    each.Add("params", *params);
    codes.push_back(std::move(each));
  }
  shown.codes = Json(std::move(codes));
  return shown;
}

}  // namespace shakehook
