#include "base/gzip.h"

#include <boost/beast/zlib/deflate_stream.hpp>
#include <boost/crc.hpp>

#include "base/check.h"

namespace shakehook {
namespace {

namespace zlib = boost::beast::zlib;

// A JSON list is half as large at level 1 as it is at none, and some percent smaller at each level above; 5 takes twice
// the time of 1.
constexpr int kLevel = 5;
constexpr int kWindowBits = 15;
constexpr int kMemoryLevel = 8;
constexpr std::size_t kOutputBytes = 16 * 1024;

// A file with a comment (FCOMMENT), of an unknown time and system.
constexpr std::string_view kHead("\x1f\x8b\x08\x10\0\0\0\0\0\xff", 10);

void AppendLittleEndian(std::string& text, std::uint32_t number) {
  for (int byte = 0; byte < 4; ++byte) text += static_cast<char>(number >> (8 * byte) & 0xff);
}

}  // namespace

struct GzipWriter::State {
  void Run(std::string_view piece, zlib::Flush flush) {
    zlib::z_params step;
    step.next_in = piece.data();
    step.avail_in = piece.size();
    boost::system::error_code result;
    do {
      const std::size_t before = file.size();
      file.resize(before + kOutputBytes);
      step.next_out = file.data() + before;
      step.avail_out = kOutputBytes;
      deflate.write(step, flush, result);
      CHECK(!result || result == zlib::error::end_of_stream || result == zlib::error::need_buffers);
      file.resize(file.size() - step.avail_out);
    } while (step.avail_out == 0);
  }

  zlib::deflate_stream deflate;
  boost::crc_32_type crc;
  std::uint32_t bytes = 0;  // modulo 2^32, as the format has it
  std::string file;
};

GzipWriter::GzipWriter(std::size_t padding) : state_(std::make_unique<State>()) {
  CHECK(padding <= kPaddingMax);
  state_->deflate.reset(kLevel, kWindowBits, kMemoryLevel, zlib::Strategy::normal);
  state_->file = kHead;
  state_->file.append(padding, ' ');
  state_->file += '\0';
}

GzipWriter::~GzipWriter() = default;

void GzipWriter::Write(std::string_view piece) {
  state_->crc.process_bytes(piece.data(), piece.size());
  state_->bytes += static_cast<std::uint32_t>(piece.size());
  state_->Run(piece, zlib::Flush::none);
}

std::string GzipWriter::Finish() {
  state_->Run({}, zlib::Flush::finish);
  AppendLittleEndian(state_->file, state_->crc.checksum());
  AppendLittleEndian(state_->file, state_->bytes);
  return std::move(state_->file);
}

}  // namespace shakehook
