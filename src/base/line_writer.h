// A LineWriter writes text to a file descriptor on a thread of its own, so that whoever prints never waits for whoever
// reads: a pipe that is full, a terminal stopped with Ctrl-S or a disk without room holds up that thread alone.
//
// Order:     texts come out in the order of Write. A text of whole lines comes out in pieces of whole lines of PIPE_BUF
//            (4,096) bytes at most, so that no pipe takes half a line; only a line longer than that can be cut in two.
// Loss:      the oldest texts are dropped where kTextsMax or kBytesMax of them wait. A notice in their place says how
//            many, as soon as something can be written again. What cannot be written is tried again every second,
//            and with each new text.
// Threads:   all functions from any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "base/time.h"

namespace shakehook {

class LineWriter {
 public:
  static constexpr std::size_t kTextsMax = 4'096;
  static constexpr std::size_t kBytesMax = 4 * 1024 * 1024;

  // The text that stands in the place of so many dropped ones, with its line end. Called on the writer's thread.
  using Notice = std::function<std::string(std::uint64_t dropped)>;

  // The descriptor stays the caller's.
  LineWriter(int descriptor, Notice notice);
  // Does not wait: what is not written is lost, and a thread that hangs in a write is left behind.
  ~LineWriter();
  LineWriter(const LineWriter&) = delete;
  LineWriter& operator=(const LineWriter&) = delete;

  void Write(std::string text);

  // Waits until all is written, `at_most` so long, or until a write fails. False: something is left.
  bool Flush(Milliseconds at_most);

  // How many texts were dropped since the start.
  std::uint64_t dropped() const;

 private:
  struct State;
  static void Run(State& state);

  const std::shared_ptr<State> state_;  // shared with the thread, which may outlive this
};

}  // namespace shakehook
