// A LineWriter writes text to a file descriptor on a thread of its own, so that the caller never waits for the reader:
// a full pipe, a terminal stopped with Ctrl-S or a full disk holds up only that thread.
//
// Order:     texts come out in the order of Write. A text of whole lines comes out in pieces of whole lines of PIPE_BUF
//            (4,096) bytes at most, so that no pipe takes half a line; only a longer line can be cut in two.
// Loss:      the oldest texts are dropped when more than kTextsMax texts or kBytesMax bytes wait. A notice in their
//            place gives their number, as soon as the descriptor accepts text again. A text that cannot be written is
//            tried again every second, and with each new text.
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

  // Returns the text, with its line end, that replaces `dropped` texts. It is called on the writer's thread.
  using Notice = std::function<std::string(std::uint64_t dropped)>;

  // The descriptor stays the caller's.
  LineWriter(int descriptor, Notice notice);
  // Does not wait: unwritten texts are lost, and a thread that hangs in a write is left behind.
  ~LineWriter();
  LineWriter(const LineWriter&) = delete;
  LineWriter& operator=(const LineWriter&) = delete;

  void Write(std::string text);

  // Waits until all is written, until a write fails, or for `at_most`. Returns false if something is left.
  bool Flush(Milliseconds at_most);

  // Returns how many texts were dropped since the start.
  std::uint64_t dropped() const;

 private:
  struct State;
  static void Run(State& state);

  const std::shared_ptr<State> state_;  // shared with the thread, which may outlive this
};

}  // namespace shakehook
