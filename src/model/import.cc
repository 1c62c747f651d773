#include "model/import.h"

#include <array>

namespace shakehook {
namespace {

constexpr std::array<std::string_view, 3> kStateNames = {"running", "done", "canceled"};

}  // namespace

std::string_view ToString(ImportState state) { return kStateNames[static_cast<std::size_t>(state)]; }

}  // namespace shakehook
