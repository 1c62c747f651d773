#include "net/chunked_body.h"

#include <algorithm>

namespace shakehook {
namespace {

constexpr int kSizeDigitsMax = 15;  // fits 64 bits

int HexValue(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

}  // namespace

std::string_view ChunkedBody::Next(std::string_view& input) {
  while (!input.empty() && state_ != State::kDone && state_ != State::kMalformed) {
    if (state_ == State::kData) {
      const std::string_view data = input.substr(0, std::min<std::uint64_t>(remaining_, input.size()));
      input.remove_prefix(data.size());
      remaining_ -= data.size();
      if (remaining_ == 0) state_ = State::kDataReturn;
      return data;
    }
    Step(input.front());
    input.remove_prefix(1);
  }
  return {};
}

void ChunkedBody::Step(char byte) {
  const auto expect = [&](char wanted, State next) { state_ = byte == wanted ? next : State::kMalformed; };
  switch (state_) {
    case State::kSize:
      return SizeByte(byte);
    case State::kExtension:
      if (byte == '\r') state_ = State::kSizeLineFeed;
      if (byte == '\n') state_ = State::kMalformed;
      return;
    case State::kSizeLineFeed:
      return expect('\n', remaining_ == 0 ? State::kTrailerStart : State::kData);
    case State::kDataReturn:
      return expect('\r', State::kDataLineFeed);
    case State::kDataLineFeed:
      size_digits_ = 0;
      return expect('\n', State::kSize);
    case State::kTrailerStart:
      state_ = byte == '\r' ? State::kEndLineFeed : State::kTrailer;
      return;
    case State::kTrailer:
      if (byte == '\r') state_ = State::kTrailerLineFeed;
      if (byte == '\n') state_ = State::kMalformed;
      return;
    case State::kTrailerLineFeed:
      return expect('\n', State::kTrailerStart);
    case State::kEndLineFeed:
      return expect('\n', State::kDone);
    case State::kData:
    case State::kDone:
    case State::kMalformed:
      return;
  }
}

void ChunkedBody::SizeByte(char byte) {
  if (const int digit = HexValue(byte); digit >= 0) {
    remaining_ = remaining_ << 4 | static_cast<unsigned>(digit);
    if (++size_digits_ > kSizeDigitsMax) state_ = State::kMalformed;
  } else if (size_digits_ == 0) {
    state_ = State::kMalformed;
  } else if (byte == '\r') {
    state_ = State::kSizeLineFeed;
  } else {
    state_ = byte == ';' || byte == ' ' || byte == '\t' ? State::kExtension : State::kMalformed;
  }
}

}  // namespace shakehook
