// Conversion of the encodings that files come in to UTF-8. The C library's iconv knows the encodings; their names are
// those of the WHATWG's Encoding standard.
//
// Threads: an object belongs to one thread.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/utf8.h"

namespace shakehook {

// Returns the encodings that this machine's C library knows, in the order of a list to choose from.
std::span<const std::string_view> KnownEncodings();
// Returns the name of an encoding by one of its labels, whatever the case: "latin1" is windows-1252. nullopt: it is not
// known.
std::optional<std::string_view> FindEncoding(std::string_view label);

// TextDecoder turns bytes into UTF-8, piece by piece. Bytes that are no text in the encoding become U+FFFD.
class TextDecoder {
 public:
  // `encoding`: one of KnownEncodings().
  explicit TextDecoder(std::string_view encoding);
  TextDecoder(TextDecoder&&) noexcept;
  ~TextDecoder();

  // Appends to `text`. A character that the piece cuts in two comes with the next one.
  void Decode(std::string_view piece, std::string& text);
  // Called at the end: a character that was cut in two becomes U+FFFD.
  void Finish(std::string& text);

 private:
  struct Converter;

  std::unique_ptr<Converter> converter_;
  std::size_t unit_bytes_;
  std::string cut_;  // the beginning of a character
};

struct RecognizedEncoding {
  std::string_view name;
  std::size_t mark_bytes = 0;  // a byte order mark at the front, which is no text
};

// EncodingRecognizer finds the encoding of a text by all of its bytes:
//   a byte order mark              the encoding of the mark
//   every other byte is zero       UTF-16 without a mark
//   more characters of UTF-8       UTF-8
//     than bytes outside of them
//   else                           windows-1252, ibm850, or macintosh where CR ends the lines: the one in which the
//                                  letters beside ASCII letters are those of Western European words, and lower case
//                                  where the others are. A text that looks right in none of them (Cyrillic, Polish)
//                                  is not recognized.
class EncodingRecognizer {
 public:
  void Add(std::string_view piece);
  // Called at the end. Returns nullopt if a person has to choose the encoding.
  std::optional<RecognizedEncoding> Result() const;

 private:
  enum class Before : std::uint8_t { kOther, kLower, kUpper };
  // For each byte from 0x80 on: how often it comes after an ASCII letter or not, and before one or not.
  using Places = std::array<std::array<std::array<std::uint64_t, 2>, 3>, 128>;
  // Counts the characters that look right in an encoding (letters where one may be), and those that look wrong.
  struct Looks {
    std::int64_t right = 0;
    std::int64_t wrong = 0;
  };
  static constexpr std::size_t kFirstBytesMax = 4;

  void CountUtf8(std::uint8_t byte);
  void CountWestern(std::uint8_t byte);
  std::optional<std::string_view> Western() const;
  static Looks LooksIn(std::string_view encoding, const Places& places);

  std::string first_;
  std::uint64_t bytes_ = 0;
  std::array<std::uint64_t, 2> zeros_{};  // at even and at odd offsets
  std::uint64_t line_feeds_ = 0;
  std::uint64_t carriage_returns_ = 0;
  // UTF-8:
  Utf8Lead lead_{.following = 0};  // the bytes that the character still needs
  std::uint64_t characters_ = 0;   // characters of two bytes or more
  std::uint64_t wrong_ = 0;
  // Western encodings:
  std::uint8_t last_ = 0;
  Before before_last_ = Before::kOther;
  Places places_{};
  std::uint64_t run_ = 0;
  std::uint64_t in_runs_ = 0;  // bytes in runs of three and more
  std::uint64_t above_ascii_ = 0;
};

}  // namespace shakehook
