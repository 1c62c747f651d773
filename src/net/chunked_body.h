// ChunkedBody decodes the chunked transfer coding (RFC 9112, section 7.1) of a body, byte by byte, so that it needs no
// buffer in whatever pieces it comes. Beast's parser is not used for it: in 1.81 its own assertion fails when the last
// chunk "0\r\n\r\n" comes one byte at a time.
//
//   chunk = size in hex [";" extension] CRLF data CRLF
//   body  = chunk... "0" [";" extension] CRLF [trailer line CRLF]... CRLF
#pragma once

#include <cstdint>
#include <string_view>

namespace shakehook {

class ChunkedBody {
 public:
  // Takes bytes off the front of `input` and returns the next piece of data among them. An empty result means that
  // there is no more data in this input: it is used up, or the body ended, or it is malformed.
  std::string_view Next(std::string_view& input);

  bool done() const { return state_ == State::kDone; }
  bool malformed() const { return state_ == State::kMalformed; }

 private:
  enum class State : std::uint8_t {
    kSize,
    kExtension,
    kSizeLineFeed,
    kData,
    kDataReturn,
    kDataLineFeed,
    kTrailerStart,
    kTrailer,
    kTrailerLineFeed,
    kEndLineFeed,
    kDone,
    kMalformed,
  };
  void Step(char byte);
  void SizeByte(char byte);

  State state_ = State::kSize;
  int size_digits_ = 0;
  std::uint64_t remaining_ = 0;  // the rest of the chunk's data
};

}  // namespace shakehook
