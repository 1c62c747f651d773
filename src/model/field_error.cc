#include "model/field_error.h"

#include "base/check.h"

namespace shakehook {

Json ToJson(const FieldError& error) {
  Json json{Json::Object()};
  json.Add("field", error.field);
  json.Add("detail", error.complaint.text());
  json.Add("code", error.complaint.code());
  json.Add("params", error.complaint.params());
  return json;
}

FieldError ReadFieldError(const Json& json) {
  const Json* const field = json.Find("field");
  const Json* const detail = json.Find("detail");
  CHECK(field != nullptr && field->text() != nullptr && detail != nullptr && detail->text() != nullptr);
  const Json* const code = json.Find("code");
  const Json* const params = json.Find("params");
  return {*field->text(), Complaint::Restored(code != nullptr && code->text() != nullptr ? *code->text() : "",
                                              *detail->text(), params != nullptr ? *params : Json())};
}

}  // namespace shakehook
