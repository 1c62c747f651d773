// FieldReader takes an object of a body apart, member by member, and collects everything that is wrong with it, so that
// a caller hears of all at once (CONTRACT §4: unknown fields are refused, so that a typo loses no data).
//
//   FieldReader fields(body);
//   const std::string name = fields.RequiredText("name");
//   const auto group = fields.Text("venues_group_id");
//   if (auto problem = fields.Finish()) co_return std::unexpected(*std::move(problem));
#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "api/http/problem.h"
#include "base/json.h"
#include "base/time.h"

namespace shakehook {

inline constexpr std::size_t kNameBytesMax = 256;

class FieldReader {
 public:
  // `object` outlives the reader; it is refused if it is no object. `path` goes before the fields' names in errors
  // ("scope").
  explicit FieldReader(const Json& object, std::string path = "");

  // Each marks the field as known, and returns nullopt or null if it is absent, null or refused. `bytes_max` counts
  // bytes of UTF-8.
  std::optional<std::string> Text(std::string_view name, std::size_t bytes_max = kNameBytesMax);
  std::optional<bool> Boolean(std::string_view name);
  std::optional<std::int64_t> Integer(std::string_view name, std::int64_t min, std::int64_t max);
  std::optional<Timestamp> Time(std::string_view name);
  const Json* Object(std::string_view name);
  const Json* Array(std::string_view name);
  // Returns the value, also null; a null pointer if it is absent.
  const Json* Any(std::string_view name);

  // Like Text, but absent, null and "" are refused.
  std::string RequiredText(std::string_view name, std::size_t bytes_max = kNameBytesMax);
  // For an edit: if the field is there, it must not be null or "".
  std::optional<std::string> PresentText(std::string_view name, std::size_t bytes_max = kNameBytesMax);

  // Returns the id that a creation may choose; nullopt if it is absent or refused.
  std::optional<std::string> ChosenId(std::string_view name);
  // For an edit: refuses the field unless it has its present value.
  void Unchangeable(std::string_view name, const Json& value);

  // Tells whether the field is in the object, null or not.
  bool Has(std::string_view name) const { return object_.Find(name) != nullptr; }
  bool IsText(std::string_view name) const { return Has(name) && object_.Find(name)->text() != nullptr; }
  bool IsNull(std::string_view name) const { return Has(name) && object_.Find(name)->is_null(); }

  // Refuses a field. `name` empty: the object itself.
  void Refuse(std::string_view name, Complaint complaint);
  // Adds the errors that another reader (of a member) found.
  void Take(std::vector<FieldError> errors);
  bool ok() const { return errors_.empty(); }

  // Returns the refused fields, and those that nobody read. Finish() returns nullopt if there are none.
  std::vector<FieldError> Errors();
  std::optional<Problem> Finish();

 private:
  std::string PathOf(std::string_view name) const;
  // Null where absent or null.
  const Json* Value(std::string_view name);

  const Json& object_;
  std::string path_;
  std::vector<std::string_view> known_;
  std::vector<FieldError> errors_;
};

}  // namespace shakehook
