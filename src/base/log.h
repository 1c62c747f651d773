// The log: lines of text or JSON on standard error, for what an operator must know. It never contains a secret or a
// payload, and never gets a line per attempt. Values go in as fields, so that they can be searched and are escaped;
// they are cut if the line would be longer than 4 KiB.
//
// Loss:    nobody waits for the log. If nobody reads it, the oldest lines are dropped and counted (base/console.h).
// Threads: all functions from any thread; SetUpLog once, before the others start.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

namespace shakehook {

enum class LogFormat { kText, kJson };
enum class LogLevel { kDebug, kInfo, kWarning, kError, kOff };

// Before this is called the log is text at level info.
void SetUpLog(LogFormat format, LogLevel level);

// Changes the level while others log. From any thread.
void SetLogLevel(LogLevel level);

using LogField = std::pair<std::string_view, std::string>;

void Log(LogLevel level, std::string_view message, std::initializer_list<LogField> fields = {});

inline void LogInfo(std::string_view message, std::initializer_list<LogField> fields = {}) {
  Log(LogLevel::kInfo, message, fields);
}
inline void LogWarning(std::string_view message, std::initializer_list<LogField> fields = {}) {
  Log(LogLevel::kWarning, message, fields);
}
inline void LogError(std::string_view message, std::initializer_list<LogField> fields = {}) {
  Log(LogLevel::kError, message, fields);
}

}  // namespace shakehook
