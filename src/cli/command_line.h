// The command line: which command, and what was written behind it. Values are looked at elsewhere (settings.h,
// receive.h), so that errors of all places read alike.
#pragma once

#include <expected>
#include <string>
#include <variant>
#include <vector>

#include "cli/flag.h"

namespace shakehook {

struct ServeCommand {
  FlagTexts flags;
};
struct ReceiveCommand {
  FlagTexts flags;
};
// --help and --version.
struct PrintCommand {
  std::string text;
};
using Command = std::variant<ServeCommand, ReceiveCommand, PrintCommand>;

// `arguments` are those behind the program's name. The error is one line for the operator.
std::expected<Command, std::string> ParseCommandLine(std::vector<std::string> arguments);

}  // namespace shakehook
