// The program's messages to the person or service that started it, on standard output and standard error. Only Flush
// waits for the reader, and only for a short time.
//
// Threads: all functions from any thread. The descriptors are the process's for as long as it lives.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/time.h"

namespace shakehook {

// Opens /dev/null as those of the descriptors 0 to 2 that were closed by whoever started the program: else the next
// file, perhaps the database, would get the number, and the log would be written into it. Before anything is opened.
void OpenStandardFiles();

// To standard output, in order; dropped where nobody reads and too much waits already.
void Print(std::string text);

// Writes one line of the log, with its line end, to standard error. Dropped where nobody reads and too much waits
// already.
void PrintLogLine(std::string line);
// How many lines of the log were dropped because nobody read them.
std::uint64_t LogLinesDropped();
// Makes the line of the log that says how many were dropped.
void SetDroppedLogLinesNotice(std::string (*notice)(std::uint64_t dropped));

// Waits until both are written, for a second at most: before the program ends.
void FlushConsole();

// The last line of a program that cannot go on, written by the calling thread itself: what waits to be written goes
// first. Gives up after two seconds.
void PrintLastWords(std::string_view line);

}  // namespace shakehook
