#include "cli/config_check.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string>
#include <vector>

#include "base/console.h"
#include "cli/shown_certificate.h"
#include "net/http_client.h"

namespace shakehook {
namespace {

constexpr int kFaulty = 1;
constexpr int kUnreadable = 2;

// Checks a file that a setting names and that the start reads.
void CheckReadable(const std::string& setting, const std::string& path, std::vector<std::string>& faults) {
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (file < 0) {
    faults.push_back(setting + ": cannot read " + path + ": " + std::strerror(errno));
    return;
  }
  ::close(file);
}

void CheckFiles(const Settings& settings, std::vector<std::string>& faults) {
  if (settings.admin_key_file) CheckReadable("admin-key-file", *settings.admin_key_file, faults);
  if (const auto certificate = ShownCertificate::Read(settings); !certificate) faults.push_back(certificate.error());
  if (const auto has = settings.egress.sources.CheckThisMachine(); !has) faults.push_back("--bind-out: " + has.error());
  if (settings.ca_file.empty()) return;
  if (const auto trust = TlsTrust::Load(settings.ca_file); !trust) faults.push_back("ca-file: " + trust.error());
}

}  // namespace

int CheckConfig(const FlagTexts& flags, const Environment& environment) {
  const auto file = ReadSettingsFileOf(flags, environment);
  if (!file) {
    Print(file.error() + "\n");
    return kUnreadable;
  }
  SettingsCheck check = CheckSettings(flags, environment, *file);
  CheckFiles(check.settings, check.faults);
  const std::string place = *file ? (*file)->path : "the flags and the environment";
  if (check.faults.empty()) {
    Print("No error in " + place + ".\n");
    return 0;
  }
  std::string text;
  for (const std::string& fault : check.faults) text += fault + "\n";
  const std::size_t count = check.faults.size();
  Print(text + std::to_string(count) + (count == 1 ? " fault.\n" : " faults.\n"));
  return kFaulty;
}

}  // namespace shakehook
