#include "base/log.h"

#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/base_sink.h>
#include <spdlog/spdlog.h>

#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <vector>

#include "base/console.h"
#include "base/log_line.h"

namespace shakehook {
namespace {

constexpr const char* kTextPattern = "%Y-%m-%dT%H:%M:%S.%eZ %-7l %v";
constexpr const char* kJsonPattern = R"({"time":"%Y-%m-%dT%H:%M:%S.%eZ","level":"%l",%v})";

// Hands each line to the console, which never waits.
class ConsoleSink final : public spdlog::sinks::base_sink<std::mutex> {
 protected:
  void sink_it_(const spdlog::details::log_msg& message) override {
    spdlog::memory_buf_t line;
    formatter_->format(message, line);
    PrintLogLine(std::string(line.data(), line.size()));
  }
  void flush_() override {}
};

// The process has one log, as it has one standard error.
struct Output {
  std::shared_ptr<spdlog::logger> logger =
      std::make_shared<spdlog::logger>("shakehook", std::make_shared<ConsoleSink>());
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

// Never destroyed: threads that are left behind at the end may still log.
Output& TheOutput() {
  static Output& output = *new Output;
  return output;
}

// A line may be as long as a pipe takes in one piece, so that it comes out whole or not at all.
constexpr std::size_t kLineBytesMax = 4'096 - 100;  // without time and level
constexpr std::size_t kValueBytesMax[] = {kLineBytesMax, 1'024, 256, 64, 16};

std::string LineOf(LogFormat format, std::string_view message, std::span<const LogField> fields) {
  return format == LogFormat::kJson ? JsonLogLine(message, fields) : TextLogLine(message, fields);
}

std::string CutText(std::string_view text, std::size_t bytes_max) {
  if (text.size() <= bytes_max) return std::string(text);
  return std::string(text.substr(0, bytes_max)) + "...";
}

// Cuts the values of a line that is too long.
std::string FittingLine(LogFormat format, std::string_view message, std::span<const LogField> fields) {
  std::string line;
  for (const std::size_t bytes_max : kValueBytesMax) {
    std::vector<LogField> cut;
    for (const auto& [key, value] : fields) cut.emplace_back(key, CutText(value, bytes_max));
    line = LineOf(format, CutText(message, bytes_max), cut);
    if (line.size() <= kLineBytesMax) break;
  }
  return line;
}

// Formats the notice without a Logger: other threads may be using the logger whose lines were dropped.
std::string NoticeOfDropped(std::uint64_t dropped) {
  const Output& output = TheOutput();
  const bool json = output.format == LogFormat::kJson;
  const LogField count("count", std::to_string(dropped));
  const std::string line =
      LineOf(output.format, "lines of the log are missing here: they were not read in time", {&count, 1});
  spdlog::pattern_formatter formatter(json ? kJsonPattern : kTextPattern, spdlog::pattern_time_type::utc);
  spdlog::memory_buf_t text;
  formatter.format(spdlog::details::log_msg("shakehook", spdlog::level::warn, line), text);
  return std::string(text.data(), text.size());
}

}  // namespace

void SetUpLog(LogFormat format, LogLevel level) {
  TheOutput().Set(format, level);
  SetDroppedLogLinesNotice(NoticeOfDropped);
}

void SetLogLevel(LogLevel level) { TheOutput().logger->set_level(SpdlogLevel(level)); }

void Log(LogLevel level, std::string_view message, std::initializer_list<LogField> fields) {
  Output& output = TheOutput();
  const auto spdlog_level = SpdlogLevel(level);
  if (!output.logger->should_log(spdlog_level)) return;
  const std::span<const LogField> all(fields.begin(), fields.size());
  std::string line = LineOf(output.format, message, all);
  if (line.size() > kLineBytesMax) line = FittingLine(output.format, message, all);
  output.logger->log(spdlog_level, spdlog::string_view_t(line.data(), line.size()));
}

}  // namespace shakehook
