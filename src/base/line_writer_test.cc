#include "base/line_writer.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <limits.h>
#include <signal.h>
#include <unistd.h>

#include <string>
#include <vector>

#include "base/clock.h"

namespace shakehook {
namespace {

constexpr Milliseconds kLong{20'000};
constexpr Milliseconds kShort{20};

std::string Notice(std::uint64_t dropped) { return "dropped " + std::to_string(dropped) + "\n"; }

// A pipe with room for 4 KiB, which the test reads when it wants.
class FullPipe : public testing::Test {
 protected:
  FullPipe() {
    ::signal(SIGPIPE, SIG_IGN);
    EXPECT_EQ(::pipe2(ends_, O_CLOEXEC), 0);
    EXPECT_EQ(::fcntl(ends_[1], F_SETPIPE_SZ, PIPE_BUF), PIPE_BUF);
  }
  // The end that is written to stays open: a writer's thread is left behind, and may still use it.
  ~FullPipe() override { StopReading(); }

  int writable() const { return ends_[1]; }
  int readable() const { return ends_[0]; }
  void StopReading() {
    if (ends_[0] >= 0) ::close(ends_[0]);
    ends_[0] = -1;
  }
  // All lines up to `last`.
  std::vector<std::string> ReadTo(const std::string& last) {
    std::string text;
    char bytes[1'000];
    while (!text.ends_with(last + "\n")) {
      const ssize_t count = ::read(ends_[0], bytes, sizeof bytes);
      if (count <= 0) break;
      text.append(bytes, count);
    }
    std::vector<std::string> lines;
    for (std::size_t at = 0, end; (end = text.find('\n', at)) != std::string::npos; at = end + 1) {
      lines.push_back(text.substr(at, end - at));
    }
    return lines;
  }

 private:
  int ends_[2] = {-1, -1};
};

using LineWriterOnAPipe = FullPipe;

TEST_F(LineWriterOnAPipe, WritesInOrder) {
  LineWriter writer(writable(), Notice);
  std::vector<std::string> expected;
  for (int i = 0; i < 100; ++i) {
    expected.push_back("line " + std::to_string(i));
    writer.Write(expected.back() + "\n");
  }
  EXPECT_EQ(ReadTo("line 99"), expected);
  EXPECT_TRUE(writer.Flush(kLong));
  EXPECT_EQ(writer.dropped(), 0U);
}

TEST_F(LineWriterOnAPipe, NobodyWaitsWhereNobodyReadsAndTheNewestLinesAreKeptAndTheOthersCounted) {
  LineWriter writer(writable(), Notice);
  const int count = 3 * static_cast<int>(LineWriter::kTextsMax);
  for (int i = 0; i < count; ++i) writer.Write("line " + std::to_string(i) + "\n");
  EXPECT_FALSE(writer.Flush(kShort));
  const std::uint64_t dropped = writer.dropped();
  EXPECT_GE(dropped, LineWriter::kTextsMax);

  const auto lines = ReadTo("line " + std::to_string(count - 1));
  EXPECT_TRUE(writer.Flush(kLong));
  int expected = 0;
  std::uint64_t told = 0;
  for (const auto& line : lines) {
    if (line.starts_with("dropped ")) {
      const int missing = std::stoi(line.substr(8));
      told += missing;
      expected += missing;
      continue;
    }
    EXPECT_EQ(line, "line " + std::to_string(expected++)) << "a line is not whole, or not in its place";
  }
  EXPECT_EQ(expected, count);
  EXPECT_EQ(told, dropped);
}

TEST_F(LineWriterOnAPipe, IsBoundedInBytesToo) {
  LineWriter writer(writable(), Notice);
  const std::string text = std::string(LineWriter::kBytesMax / 4, 'x') + "\n";
  for (int i = 0; i < 12; ++i) writer.Write(text);
  EXPECT_GE(writer.dropped(), 7U);
}

TEST_F(LineWriterOnAPipe, NoHalfLineIsLeftWhereItEndsWhileNobodyReads) {
  {
    LineWriter writer(writable(), Notice);
    std::string text;  // a single text with many lines
    for (int i = 0; i < 1'000; ++i) text += "line " + std::to_string(i) + "\n";
    writer.Write(text);
    EXPECT_FALSE(writer.Flush(kShort));
  }
  // Reads the text that is in the pipe, and the text that the thread still writes before it sees the end.
  std::string text(2 * PIPE_BUF, '\0');
  text.resize(::read(readable(), text.data(), text.size()));
  EXPECT_TRUE(text.starts_with("line 0\nline 1\n"));
  EXPECT_TRUE(text.ends_with("\n")) << text;
}

TEST_F(LineWriterOnAPipe, GivesUpAFlushAtOnceWhereTheReaderIsGone) {
  LineWriter writer(writable(), Notice);
  StopReading();
  writer.Write("line\n");
  const SystemClock clock;
  const SteadyTime start = clock.Steady();
  EXPECT_FALSE(writer.Flush(kLong));
  EXPECT_LT(clock.Steady() - start, kLong / 2);
}

TEST_F(LineWriterOnAPipe, GoesOnWhereWhoeverSharesTheDescriptorMadeItNonBlocking) {
  ASSERT_EQ(::fcntl(writable(), F_SETFL, O_NONBLOCK), 0);
  LineWriter writer(writable(), Notice);
  for (int i = 0; i < 2'000; ++i) writer.Write("line " + std::to_string(i) + "\n");
  EXPECT_FALSE(writer.Flush(kShort));
  const auto lines = ReadTo("line 1999");
  EXPECT_EQ(lines.size(), 2'000U);
  EXPECT_TRUE(writer.Flush(kLong));
}

TEST(LineWriterOnAFullDisk, KeepsTheLinesAndSaysThatTheyAreNotWritten) {
  const int full = ::open("/dev/full", O_WRONLY | O_CLOEXEC);
  ASSERT_GE(full, 0);
  {
    LineWriter writer(full, Notice);
    writer.Write("line\n");
    EXPECT_FALSE(writer.Flush(kLong));
    EXPECT_FALSE(writer.Flush(kLong)) << "it is tried once more, and fails once more";
    EXPECT_EQ(writer.dropped(), 0U);
  }
  ::close(full);
}

}  // namespace
}  // namespace shakehook
