#include "cli/key_file.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "testing/temporary_folder.h"

namespace shakehook {
namespace {

namespace fs = std::filesystem;

void Write(const std::string& path, std::string_view text) { std::ofstream(path) << text; }

mode_t ModeOf(const std::string& path) {
  struct stat status{};
  ::stat(path.c_str(), &status);
  return status.st_mode & 0777;
}

TEST(KeyFile, IsMadeForItsOwnerAlone) {
  TemporaryFolder folder;
  SeededRandom random(1);
  const std::string path = folder.File("k");
  EXPECT_EQ(MakeKeyFile(path, "secret", random), KeyFileMade::kYes);
  EXPECT_EQ(ModeOf(path), 0600u);
  EXPECT_EQ(ReadKeyFile(path), "secret");
  EXPECT_EQ(std::distance(fs::directory_iterator(folder.path()), fs::directory_iterator()), 1);
}

TEST(KeyFile, IsNeverWrittenOverOrThrough) {
  TemporaryFolder folder;
  SeededRandom random(1);
  Write(folder.File("k"), "old\r\n");
  EXPECT_EQ(MakeKeyFile(folder.File("k"), "new", random), KeyFileMade::kExists);
  EXPECT_EQ(ReadKeyFile(folder.File("k")), "old");

  Write(folder.File("victim"), "important");
  fs::create_symlink(folder.File("victim"), folder.File("link"));
  EXPECT_EQ(MakeKeyFile(folder.File("link"), "new", random), KeyFileMade::kExists);
  fs::create_symlink(folder.File("nowhere"), folder.File("dangling"));
  EXPECT_EQ(MakeKeyFile(folder.File("dangling"), "new", random), KeyFileMade::kExists);
  EXPECT_EQ(ReadKeyFile(folder.File("victim")), "important");
  EXPECT_FALSE(fs::exists(folder.File("nowhere")));
}

TEST(KeyFile, NamesItselfWhereItCannotBeRead) {
  TemporaryFolder folder;
  const auto error = [&](const std::string& name) { return ReadKeyFile(folder.File(name)).error(); };
  EXPECT_EQ(error("none"), "cannot read " + folder.File("none") + ": No such file or directory");
  Write(folder.File("empty"), "\n");
  EXPECT_EQ(error("empty"), folder.File("empty") + " is empty");
  Write(folder.File("large"), std::string(5'000, 'x'));
  EXPECT_EQ(error("large"), folder.File("large") + " is too large for a key");
  fs::create_directory(folder.File("folder"));
  EXPECT_EQ(error("folder"), "cannot read " + folder.File("folder") + ": it is not a file");
  ::mkfifo(folder.File("pipe").c_str(), 0600);
  EXPECT_EQ(error("pipe"), "cannot read " + folder.File("pipe") + ": it is not a file");
}

TEST(KeyFile, GetsItsFolder) {
  TemporaryFolder folder;
  EXPECT_TRUE(MakeFolderOf(folder.File("a/b/file")).has_value());
  EXPECT_EQ(ModeOf(folder.File("a")), 0700u);
  EXPECT_EQ(ModeOf(folder.File("a/b")), 0700u);
  EXPECT_TRUE(MakeFolderOf(folder.File("a/b/file")).has_value());
  EXPECT_TRUE(MakeFolderOf("file").has_value());
  Write(folder.File("file"), "");
  EXPECT_TRUE(MakeFolderOf(folder.File("file/x")).error().starts_with("cannot make the folder " + folder.File("file")));
  EXPECT_TRUE(MakeFolderOf(folder.File("file/x/y")).error().starts_with("cannot make the folder "));
}

TEST(MasterKey, IsMadeOnceAndReadAgain) {
  TemporaryFolder folder;
  SeededRandom random(1);
  const auto first = ReadOrMakeMasterKey(folder.File("m"), folder.File("db"), random);
  ASSERT_TRUE(first.has_value()) << first.error();
  Write(folder.File("db"), "");
  EXPECT_EQ(ReadOrMakeMasterKey(folder.File("m"), folder.File("db"), random), first);
}

TEST(MasterKey, IsNotMadeForADatabaseThatHasOne) {
  TemporaryFolder folder;
  SeededRandom random(1);
  Write(folder.File("db"), "");
  EXPECT_EQ(ReadOrMakeMasterKey(folder.File("m"), folder.File("db"), random).error(),
            "the master key " + folder.File("m") + " is missing, and the secrets in " + folder.File("db") +
                " cannot be read without it; put it back");
  EXPECT_FALSE(fs::exists(folder.File("m")));
}

TEST(MasterKey, MustBeOne) {
  TemporaryFolder folder;
  SeededRandom random(1);
  Write(folder.File("m"), "c2hvcnQ=\n");
  EXPECT_EQ(ReadOrMakeMasterKey(folder.File("m"), folder.File("db"), random).error(),
            folder.File("m") + " holds no master key (32 bytes in base64)");
}

TEST(MasterKey, MayBeALinkThatItsOwnerMade) {
  TemporaryFolder folder;
  SeededRandom random(1);
  const auto key = ReadOrMakeMasterKey(folder.File("m"), folder.File("db"), random);
  fs::create_symlink(folder.File("m"), folder.File("link"));
  EXPECT_EQ(ReadOrMakeMasterKey(folder.File("link"), folder.File("db"), random), key);
}

}  // namespace
}  // namespace shakehook
