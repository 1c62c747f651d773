// The program's messages to the person or service that started it, on standard output and standard error. Only Flush
// waits for the reader, and only for a short time.
//
// Threads: all functions from any thread. The descriptors are the process's for as long as it lives.
#pragma once

#include <cstdint>
#include <expected>
#include <string>
#include <string_view>

#include "base/time.h"

namespace shakehook {

// Opens /dev/null for each of the descriptors 0 to 2 that is closed. Otherwise the next file, perhaps the database,
// would get that number, and the log would be written into it. Must be called before anything is opened.
void OpenStandardFiles();

// Writes the text to standard output, in order. It is dropped if nobody reads and too much waits already.
void Print(std::string text);

// Writes one line of the log, with its line end, to standard error. It is dropped in the same case.
void PrintLogLine(std::string line);
// Opens the file, or makes it, readable only by its owner, and appends the log to it from now on, in place of standard
// error. Called again it opens the file of that name again, which may be another by now (logrotate). The error is one
// line that names the file; then the log continues where it was.
std::expected<void, std::string> SendLogTo(const std::string& path);
// Returns how many lines of the log were dropped because nobody read them.
std::uint64_t LogLinesDropped();
// Makes the line of the log that says how many were dropped.
void SetDroppedLogLinesNotice(std::string (*notice)(std::uint64_t dropped));

// Waits, for a second at most, until both are written. Called before the program ends.
void FlushConsole();

// Writes the last line of a program that cannot continue, on the calling thread and after the texts that wait. Gives up
// after two seconds.
void PrintLastWords(std::string_view line);

}  // namespace shakehook
