#include "net/unix_listener.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "testing/temporary_folder.h"

namespace shakehook {
namespace {

class UnixListenerTest : public testing::Test {
 protected:
  std::string Failure() const {
    const auto opened = UnixListener::Open(path_);
    if (opened) return "none";
    EXPECT_THAT(opened.error(), testing::StartsWith(path_));
    return opened.error().substr(path_.size());
  }

  const TemporaryFolder folder_;
  const std::string path_ = folder_.File("api.sock");
};

TEST_F(UnixListenerTest, LetsItsUserAndGroupInWhateverTheUmask) {
  for (const mode_t mask : {0077, 0000}) {
    const mode_t before = ::umask(mask);
    const auto listener = UnixListener::Open(path_);
    ::umask(before);
    ASSERT_TRUE(listener.has_value()) << listener.error();
    struct stat status{};
    ASSERT_EQ(::stat(path_.c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 07777, mode_t{0660});
  }
}

TEST_F(UnixListenerTest, RemovesItsFileAtItsEnd) {
  ASSERT_TRUE(UnixListener::Open(path_).has_value());
  EXPECT_EQ(LookAtUnixPath(path_), AtUnixPath::kNothing);
}

TEST_F(UnixListenerTest, ReplacesWhatAKilledServerLeftBehind) {
  std::filesystem::create_directory(folder_.File("other"));
  const std::string elsewhere = folder_.File("other/api.sock");
  {
    const auto killed = UnixListener::Open(elsewhere).value();
    std::filesystem::rename(elsewhere, path_);  // its own end finds no file to remove
  }
  EXPECT_EQ(LookAtUnixPath(path_), AtUnixPath::kLeftBehind);
  EXPECT_EQ(Failure(), "none");
}

TEST_F(UnixListenerTest, LeavesAServerThatListensAlone) {
  const auto first = UnixListener::Open(path_).value();
  EXPECT_EQ(Failure(), ": another program listens there");
  EXPECT_EQ(LookAtUnixPath(path_), AtUnixPath::kListens);
}

TEST_F(UnixListenerTest, TouchesNothingThatIsNoSocket) {
  std::ofstream(path_) << "precious";
  EXPECT_EQ(Failure(), " is there, and is no socket");
  EXPECT_TRUE(std::filesystem::is_regular_file(path_));
  std::filesystem::remove(path_);
  std::filesystem::create_symlink(folder_.File("nowhere"), path_);
  EXPECT_EQ(Failure(), " is there, and is no socket");
}

TEST_F(UnixListenerTest, LeavesTheFileOfItsSuccessor) {
  auto old = UnixListener::Open(path_).value();
  ::close(old->Take());  // it listens no more, as a server that drains
  const auto successor = UnixListener::Open(path_).value();
  old.reset();
  EXPECT_EQ(LookAtUnixPath(path_), AtUnixPath::kListens);
}

TEST_F(UnixListenerTest, SaysThatTheFolderIsMissing) {
  const auto opened = UnixListener::Open(folder_.File("missing/api.sock"));
  EXPECT_THAT(opened.error(), testing::EndsWith("missing/api.sock: No such file or directory"));
}

}  // namespace
}  // namespace shakehook
