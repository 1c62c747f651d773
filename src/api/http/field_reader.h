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

  // The same for a name whose characters are counted.
  std::optional<std::string> PresentName(std::string_view name, std::size_t characters_max);

  // Reads an array of the names of events, which has one at least. `parse` returns nullopt for a name that does not
  // exist; `unknown` is the complaint about it. Returns nullopt if the field is absent or no array.
  template <class Parse>
  auto PresentEvents(std::string_view name, Parse parse, const Complaint& unknown) {
    std::optional<std::vector<typename decltype(parse(std::string_view()))::value_type>> events;
    if (IsNull(name)) Refuse(name, {"not_clearable", "cannot be cleared"});
    const Json* const array = Array(name);
    if (array == nullptr) return events;
    events.emplace();
    for (std::size_t i = 0; i < array->array()->size(); ++i) {
      const std::string* const text = (*array->array())[i].text();
      if (auto parsed = text == nullptr ? std::nullopt : parse(*text)) {
        events->push_back(*parsed);
      } else {
        Refuse(std::string(name) + '.' + std::to_string(i), unknown);
      }
    }
    if (array->array()->empty()) Refuse(name, {"no_event", "must name at least one event"});
    return events;
  }

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
