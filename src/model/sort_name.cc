#include "model/sort_name.h"

#include "base/utf8.h"
#include "model/fold_case.h"

namespace shakehook {
namespace {

std::string NameOf(const Resource& resource) {
  if (resource.kind == ResourceKind::kAccount) {
    return std::string(resource.Text("name").value_or(resource.Text("legal_name").value_or(resource.id.text)));
  }
  const auto last = resource.Text("last_name");
  const auto first = resource.Text("first_name");
  if (!last && !first) return std::string(resource.Text("email").value_or(resource.id.text));
  std::string name(last.value_or(""));
  if (last && first) name += ' ';
  name += first.value_or("");
  return name;
}

}  // namespace

std::string SortNameOf(const Resource& resource) {
  std::string name = FoldText(NameOf(resource));
  name.resize(CutUtf8(name, kSortNameBytesMax).size());
  return name;
}

}  // namespace shakehook
