#include "api/search_text.h"

#include <array>
#include <span>

#include "model/fold_case.h"

namespace shakehook {
namespace {

constexpr std::array<std::string_view, 2> kAccountFields = {"name", "legal_name"};
constexpr std::array<std::string_view, 5> kContactFields = {"first_name", "last_name", "email", "phone",
                                                            "landline_phone"};

}  // namespace

std::string SearchTextOf(const Resource& resource) {
  constexpr std::size_t kUsualBytes = 128;
  std::string text;
  text.reserve(kUsualBytes);
  const auto fields = resource.kind == ResourceKind::kAccount ? std::span<const std::string_view>(kAccountFields)
                                                              : std::span<const std::string_view>(kContactFields);
  for (const std::string_view field : fields) {
    const auto value = resource.Text(field);
    if (!value) continue;
    AppendFoldedCase(text, *value);
    text += ' ';
  }
  AppendFoldedCase(text, resource.id.text);
  return text;
}

}  // namespace shakehook
