#include "model/import.h"

#include <array>

namespace shakehook {
namespace {

constexpr std::array<std::string_view, 3> kStateNames = {"running", "done", "canceled"};

}  // namespace

ImportCounts ImportCounts::operator+(const ImportCounts& other) const {
  return {.done = done + other.done,
          .created = created + other.created,
          .updated = updated + other.updated,
          .unchanged = unchanged + other.unchanged,
          .refused = refused + other.refused};
}

std::string_view ToString(ImportState state) { return kStateNames[static_cast<std::size_t>(state)]; }

}  // namespace shakehook
