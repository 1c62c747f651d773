// The options of `shakehook receive`.
#pragma once

#include <expected>
#include <optional>
#include <span>
#include <string>

#include "base/time.h"
#include "cli/flag.h"
#include "cli/settings.h"

namespace shakehook {

struct ReceiveOptions {
  ListenAddress listen{"127.0.0.1", 9000};
  std::string secret;       // empty: signatures are not checked
  std::string secret_file;  // the file that the secret is read from; empty: none
  int status = 204;
  int fail_every = 0;  // every nth request is answered 500; 0: none
  Milliseconds delay{0};
};

std::span<const Flag> ReceiveFlags();

// The error is one line that names the flag; it never quotes the secret.
std::expected<ReceiveOptions, std::string> ParseReceiveOptions(const FlagTexts& flags);

}  // namespace shakehook
