#include "base/gzip.h"

#include <gtest/gtest.h>

#include <boost/beast/zlib/inflate_stream.hpp>
#include <boost/crc.hpp>

#include "base/random.h"

namespace shakehook {
namespace {

namespace zlib = boost::beast::zlib;

constexpr std::size_t kHeadBytes = 10;
constexpr std::size_t kTailBytes = 8;

std::string Gzip(std::string_view text, std::size_t piece = 1000, std::size_t padding = 0) {
  GzipWriter writer(padding);
  for (std::size_t at = 0; at < text.size(); at += piece) writer.Write(text.substr(at, piece));
  return writer.Finish();
}

std::uint32_t LittleEndian(std::string_view bytes) {
  std::uint32_t number = 0;
  for (std::size_t i = 4; i-- > 0;) number = number << 8 | static_cast<std::uint8_t>(bytes[i]);
  return number;
}

// Reads a file with a comment, and checks its digest and length.
std::string Gunzip(std::string_view file) {
  EXPECT_EQ(file.substr(0, 4), "\x1f\x8b\x08\x10");
  const std::size_t begin = file.find('\0', kHeadBytes) + 1;
  const std::string_view tail = file.substr(file.size() - kTailBytes);
  std::string text(LittleEndian(tail.substr(4)), '\0');
  zlib::z_params step;
  step.next_in = file.data() + begin;
  step.avail_in = file.size() - begin - kTailBytes;
  step.next_out = text.data();
  step.avail_out = text.size();
  zlib::inflate_stream inflate;
  boost::system::error_code result;
  inflate.write(step, zlib::Flush::finish, result);
  EXPECT_EQ(result, zlib::error::end_of_stream) << result.message();
  EXPECT_EQ(step.avail_out, 0U);
  boost::crc_32_type crc;
  crc.process_bytes(text.data(), text.size());
  EXPECT_EQ(crc.checksum(), LittleEndian(tail));
  return text;
}

std::string SomeList(std::size_t rows) {
  std::string text = "[";
  for (std::size_t i = 0; i < rows; ++i)
    text += R"({"id":"guest-)" + std::to_string(i * 7919) + R"(","city":"Paris"},)";
  return text += "]";
}

TEST(Gzip, IsReadBack) {
  for (const std::size_t rows : {0, 1, 50, 20'000}) {
    const std::string text = SomeList(rows);
    EXPECT_EQ(Gunzip(Gzip(text)), text);
  }
}

TEST(Gzip, MakesAListSmall) {
  const std::string text = SomeList(200);
  EXPECT_LT(Gzip(text).size(), text.size() / 5);
}

TEST(Gzip, ReadsWhatDoesNotBecomeSmaller) {
  SeededRandom random(1);
  std::string noise(300'000, '\0');
  random.Fill({reinterpret_cast<std::uint8_t*>(noise.data()), noise.size()});
  EXPECT_EQ(Gunzip(Gzip(noise, 65'536)), noise);
}

TEST(Gzip, IsTheSameInAnyPieces) {
  const std::string text = SomeList(5'000);
  EXPECT_EQ(Gzip(text, 17), Gzip(text, text.size()));
}

TEST(Gzip, PaddingHidesTheLength) {
  const std::string text = SomeList(50);
  EXPECT_EQ(Gzip(text, 1000, 40).size(), Gzip(text).size() + 40);
  EXPECT_EQ(Gunzip(Gzip(text, 1000, GzipWriter::kPaddingMax)), text);
}

}  // namespace
}  // namespace shakehook
