// GzipWriter compresses a text into a gzip file (RFC 1952), piece by piece, so that long work can be cut into turns.
//
// Ownership: its own state, some 270 KB.
// Threads:   one at a time.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace shakehook {

class GzipWriter {
 public:
  static constexpr std::size_t kPaddingMax = 255;

  // Begins a file whose header carries this many bytes (at most kPaddingMax) that mean nothing: they hide the length of
  // what follows.
  explicit GzipWriter(std::size_t padding = 0);
  ~GzipWriter();
  GzipWriter(const GzipWriter&) = delete;
  GzipWriter& operator=(const GzipWriter&) = delete;

  void Write(std::string_view piece);
  // Returns the whole file. Nothing may be called after it.
  std::string Finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace shakehook
