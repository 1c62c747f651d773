#include "base/text_encoding.h"

#include <iconv.h>

#include <algorithm>
#include <cerrno>
#include <utility>
#include <vector>

#include "base/ascii.h"
#include "base/check.h"

namespace shakehook {
namespace {

constexpr std::string_view kUtf8 = "utf-8";

struct Encoding {
  std::string_view name;
  const char* iconv_name;
  std::size_t unit_bytes = 1;
};
constexpr std::array<Encoding, 20> kEncodings = {{{kUtf8, "UTF-8"},
                                                  {"utf-16le", "UTF-16LE", 2},
                                                  {"utf-16be", "UTF-16BE", 2},
                                                  {"windows-1252", "CP1252"},
                                                  {"macintosh", "MACINTOSH"},
                                                  {"ibm850", "CP850"},
                                                  {"iso-8859-15", "ISO-8859-15"},
                                                  {"windows-1250", "CP1250"},
                                                  {"windows-1251", "CP1251"},
                                                  {"windows-1253", "CP1253"},
                                                  {"windows-1254", "CP1254"},
                                                  {"windows-1255", "CP1255"},
                                                  {"windows-1256", "CP1256"},
                                                  {"windows-1257", "CP1257"},
                                                  {"windows-1258", "CP1258"},
                                                  {"iso-8859-2", "ISO-8859-2"},
                                                  {"shift_jis", "CP932"},
                                                  {"gb18030", "GB18030"},
                                                  {"big5", "BIG5-HKSCS"},
                                                  {"euc-kr", "UHC"}}};

struct Label {
  std::string_view label;
  std::string_view name;
};
constexpr std::array<Label, 18> kLabels = {{{"utf8", kUtf8},
                                            {"utf-16", "utf-16le"},
                                            {"latin1", "windows-1252"},
                                            {"iso-8859-1", "windows-1252"},
                                            {"us-ascii", "windows-1252"},
                                            {"ascii", "windows-1252"},
                                            {"cp1252", "windows-1252"},
                                            {"ansi", "windows-1252"},
                                            {"mac", "macintosh"},
                                            {"macroman", "macintosh"},
                                            {"x-mac-roman", "macintosh"},
                                            {"cp850", "ibm850"},
                                            {"latin9", "iso-8859-15"},
                                            {"latin2", "iso-8859-2"},
                                            {"cp1250", "windows-1250"},
                                            {"cp1251", "windows-1251"},
                                            {"sjis", "shift_jis"},
                                            {"gbk", "gb18030"}}};

iconv_t Open(const Encoding& encoding) { return iconv_open("UTF-8", encoding.iconv_name); }
bool IsOpen(iconv_t handle) { return handle != reinterpret_cast<iconv_t>(-1); }

bool IsKnown(const Encoding& encoding) {
  const iconv_t handle = Open(encoding);
  if (IsOpen(handle)) iconv_close(handle);
  return IsOpen(handle);
}

const Encoding& EncodingOf(std::string_view name) {
  const auto found = std::ranges::find(kEncodings, name, &Encoding::name);
  CHECK(found != kEncodings.end());
  return *found;
}

// --- Western letters ---

enum class Letter : std::uint8_t { kNone, kLower, kUpper, kApostrophe, kNoBreakSpace, kMark, kUndefined };

// Tells which kind of letter a character is. Letters that only Icelandic has count as no letter: they mostly come from
// text in another encoding, such as a Turkish one, that is read in the wrong one.
Letter LetterOf(std::string_view character) {
  static constexpr std::string_view kLower = "àáâãäåæçèéêëìíîïñòóôõöøùúûüÿßœšž";
  static constexpr std::string_view kUpper = "ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÑÒÓÔÕÖØÙÚÛÜŸŒŠŽ";
  static constexpr std::string_view kMarks = "«»“”„…–—•°€™®©";  // they may be next to letters
  if (character == kReplacementCharacter) return Letter::kUndefined;
  if (character == "’") return Letter::kApostrophe;
  if (character == "\u00a0") return Letter::kNoBreakSpace;
  if (kMarks.find(character) != std::string_view::npos) return Letter::kMark;
  if (character.size() != 2) return Letter::kNone;
  if (kLower.find(character) != std::string_view::npos) return Letter::kLower;
  return kUpper.find(character) != std::string_view::npos ? Letter::kUpper : Letter::kNone;
}

}  // namespace

std::span<const std::string_view> KnownEncodings() {
  static const std::vector<std::string_view> known = [] {
    std::vector<std::string_view> names;
    for (const Encoding& encoding : kEncodings) {
      if (IsKnown(encoding)) names.push_back(encoding.name);
    }
    return names;
  }();
  return known;
}

std::optional<std::string_view> FindEncoding(std::string_view label) {
  const std::string lower = LowerAscii(label);
  const auto alias = std::ranges::find(kLabels, lower, &Label::label);
  const std::string_view name = alias == kLabels.end() ? std::string_view(lower) : alias->name;
  const auto found = std::ranges::find(kEncodings, name, &Encoding::name);
  if (found == kEncodings.end() || !IsKnown(*found)) return std::nullopt;
  return found->name;
}

// --- TextDecoder ---

struct TextDecoder::Converter {
  explicit Converter(iconv_t opened) : handle(opened) {}
  Converter(const Converter&) = delete;
  Converter& operator=(const Converter&) = delete;
  ~Converter() { iconv_close(handle); }

  iconv_t handle;
};

TextDecoder::TextDecoder(std::string_view encoding) : unit_bytes_(EncodingOf(encoding).unit_bytes) {
  const iconv_t handle = Open(EncodingOf(encoding));
  CHECK(IsOpen(handle));
  converter_ = std::make_unique<Converter>(handle);
}

TextDecoder::TextDecoder(TextDecoder&&) noexcept = default;
TextDecoder::~TextDecoder() = default;

void TextDecoder::Decode(std::string_view piece, std::string& text) {
  std::string joined;
  if (!cut_.empty()) {
    joined = std::exchange(cut_, {});
    joined += piece;
    piece = joined;
  }
  std::array<char, 16 * 1024> converted;
  char* in = const_cast<char*>(piece.data());  // iconv does not write there
  std::size_t left = piece.size();
  while (left > 0) {
    char* out = converted.data();
    std::size_t room = converted.size();
    const std::size_t result = iconv(converter_->handle, &in, &left, &out, &room);
    const int error = result == static_cast<std::size_t>(-1) ? errno : 0;
    text.append(converted.data(), out);
    if (error == EINVAL) {
      cut_.assign(in, left);
      return;
    }
    if (error == EILSEQ) {
      text += kReplacementCharacter;
      const std::size_t skipped = std::min(unit_bytes_, left);
      in += skipped;
      left -= skipped;
    }
  }
}

void TextDecoder::Finish(std::string& text) {
  if (!std::exchange(cut_, {}).empty()) text += kReplacementCharacter;
}

// --- EncodingRecognizer ---

void EncodingRecognizer::Add(std::string_view piece) {
  if (first_.size() < kFirstBytesMax) first_ += piece.substr(0, kFirstBytesMax - first_.size());
  for (const char c : piece) {
    const auto byte = static_cast<std::uint8_t>(c);
    if (byte == 0) ++zeros_[bytes_ % 2];
    line_feeds_ += byte == '\n';
    carriage_returns_ += byte == '\r';
    ++bytes_;
    if ((byte | last_) < 0x80 && lead_.following == 0) {
      before_last_ = IsLowerAscii(static_cast<char>(last_))   ? Before::kLower
                     : IsUpperAscii(static_cast<char>(last_)) ? Before::kUpper
                                                              : Before::kOther;
      last_ = byte;
      run_ = 0;
      continue;
    }
    CountUtf8(byte);
    CountWestern(byte);
  }
}

void EncodingRecognizer::CountUtf8(std::uint8_t byte) {
  if (lead_.following > 0) {
    if (byte >= lead_.low && byte <= lead_.high) {
      lead_ = {.following = lead_.following - 1};
      if (lead_.following == 0) ++characters_;
      return;
    }
    ++wrong_;
  }
  lead_ = ReadUtf8Lead(byte);
  if (lead_.following >= 0) return;
  ++wrong_;
  lead_.following = 0;
}

// A byte is counted once the one behind it is known.
void EncodingRecognizer::CountWestern(std::uint8_t byte) {
  if (last_ >= 0x80) {
    const bool before_letter = IsLowerAscii(static_cast<char>(byte)) || IsUpperAscii(static_cast<char>(byte));
    ++places_[last_ - 0x80][static_cast<std::size_t>(before_last_)][before_letter ? 1 : 0];
  }
  if (byte >= 0x80) {
    ++above_ascii_;
    ++run_;
    if (run_ == 3) in_runs_ += 3;
    if (run_ > 3) ++in_runs_;
  } else {
    run_ = 0;
  }
  before_last_ = IsLowerAscii(static_cast<char>(last_))   ? Before::kLower
                 : IsUpperAscii(static_cast<char>(last_)) ? Before::kUpper
                                                          : Before::kOther;
  last_ = byte;
}

std::optional<RecognizedEncoding> EncodingRecognizer::Result() const {
  if (first_.starts_with("\xef\xbb\xbf")) return RecognizedEncoding{kUtf8, 3};
  if (first_.starts_with("\xff\xfe")) return RecognizedEncoding{"utf-16le", 2};
  if (first_.starts_with("\xfe\xff")) return RecognizedEncoding{"utf-16be", 2};
  // In a table with Western or Eastern letters, delimiters and line ends, at least a third of the characters are ASCII.
  if (bytes_ >= 4 && bytes_ % 2 == 0) {
    if (zeros_[1] * 6 > bytes_ && zeros_[0] * 50 < bytes_) return RecognizedEncoding{"utf-16le", 0};
    if (zeros_[0] * 6 > bytes_ && zeros_[1] * 50 < bytes_) return RecognizedEncoding{"utf-16be", 0};
  }
  const std::uint64_t wrong = wrong_ + (lead_.following > 0 ? 1 : 0);
  if (wrong == 0 || characters_ > wrong) return RecognizedEncoding{kUtf8, 0};
  if (const auto western = Western()) return RecognizedEncoding{*western, 0};
  return std::nullopt;
}

std::optional<std::string_view> EncodingRecognizer::Western() const {
  if (in_runs_ * 2 > above_ascii_) return std::nullopt;
  Places places = places_;
  if (last_ >= 0x80) ++places[last_ - 0x80][static_cast<std::size_t>(before_last_)][0];
  std::optional<std::string_view> best;
  Looks best_looks;
  for (const std::string_view name : {"windows-1252", "macintosh", "ibm850"}) {
    const auto known = FindEncoding(name);
    // Programs that write the encoding of old Macs also end lines with CR.
    const bool of_macs = name == "macintosh";
    if (!known || (of_macs && (line_feeds_ > 0 || carriage_returns_ == 0))) continue;
    Looks looks = LooksIn(*known, places);
    if (of_macs) ++looks.right;
    if (!best || looks.right - looks.wrong > best_looks.right - best_looks.wrong) {
      best = known;
      best_looks = looks;
    }
  }
  if (!best || best_looks.wrong * 4 > best_looks.right) return std::nullopt;
  return best;
}

EncodingRecognizer::Looks EncodingRecognizer::LooksIn(std::string_view encoding, const Places& places) {
  Looks looks;
  TextDecoder decoder(encoding);
  for (std::size_t i = 0; i < places.size(); ++i) {
    std::string character;
    decoder.Decode(std::string(1, static_cast<char>(0x80 + i)), character);
    const Letter letter = LetterOf(character);
    for (std::size_t before = 0; before < 3; ++before) {
      for (std::size_t after = 0; after < 2; ++after) {
        const std::int64_t count = static_cast<std::int64_t>(places[i][before][after]);
        const bool begins = before == static_cast<std::size_t>(Before::kOther);
        const bool after_lower = before == static_cast<std::size_t>(Before::kLower);
        const bool between = !begins && after == 1;
        if (letter == Letter::kLower) {
          looks.right += begins && after == 0 ? count : 2 * count;
        } else if (letter == Letter::kUpper && after_lower) {
          looks.wrong += 2 * count;
        } else if (letter == Letter::kUpper) {
          looks.right += begins ? (after == 1 ? count : 0) : 2 * count;
        } else if (letter == Letter::kNoBreakSpace) {
          looks.right += begins && after == 0 ? count : 2 * count;
        } else if (letter == Letter::kApostrophe && between) {
          looks.right += 2 * count;
        } else if (letter == Letter::kUndefined || between) {
          looks.wrong += 2 * count;
        } else if (letter == Letter::kNone && (!begins || after == 1)) {
          looks.wrong += count;
        }
      }
    }
  }
  return looks;
}

}  // namespace shakehook
