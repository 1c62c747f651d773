#include "base/log.h"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <memory>
#include <span>

#include "base/log_line.h"

namespace shakehook {
namespace {

constexpr const char* kTextPattern = "%Y-%m-%dT%H:%M:%S.%eZ %-7l %v";
constexpr const char* kJsonPattern = R"({"time":"%Y-%m-%dT%H:%M:%S.%eZ","level":"%l",%v})";

// The process has one log, as it has one standard error.
struct Output {
  std::shared_ptr<spdlog::logger> logger =
      std::make_shared<spdlog::logger>("shakehook", std::make_shared<spdlog::sinks::stderr_sink_mt>());
  LogFormat format = LogFormat::kText;

  Output() { Set(LogFormat::kText, LogLevel::kInfo); }
  void Set(LogFormat new_format, LogLevel level);
};

spdlog::level::level_enum SpdlogLevel(LogLevel level) {
  switch (level) {
    case LogLevel::kDebug:
      return spdlog::level::debug;
    case LogLevel::kInfo:
      return spdlog::level::info;
    case LogLevel::kWarning:
      return spdlog::level::warn;
    case LogLevel::kError:
      return spdlog::level::err;
    case LogLevel::kOff:
      return spdlog::level::off;
  }
  return spdlog::level::off;
}

void Output::Set(LogFormat new_format, LogLevel level) {
  format = new_format;
  logger->set_pattern(format == LogFormat::kJson ? kJsonPattern : kTextPattern, spdlog::pattern_time_type::utc);
  logger->set_level(SpdlogLevel(level));
}

Output& TheOutput() {
  static Output output;
  return output;
}

}  // namespace

void SetUpLog(LogFormat format, LogLevel level) { TheOutput().Set(format, level); }

void Log(LogLevel level, std::string_view message, std::initializer_list<LogField> fields) {
  Output& output = TheOutput();
  const auto spdlog_level = SpdlogLevel(level);
  if (!output.logger->should_log(spdlog_level)) return;
  const std::span<const LogField> all(fields.begin(), fields.size());
  const std::string line = output.format == LogFormat::kJson ? JsonLogLine(message, all) : TextLogLine(message, all);
  output.logger->log(spdlog_level, spdlog::string_view_t(line.data(), line.size()));
}

}  // namespace shakehook
