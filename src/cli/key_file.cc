#include "cli/key_file.h"

#include <fcntl.h>
#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <system_error>
#include <utility>

#include "base/encoding.h"
#include "base/file_name.h"
#include "base/log.h"

namespace shakehook {
namespace {

constexpr std::size_t kKeyFileBytesMax = 4096;

std::unexpected<std::string> Failure(std::string_view what, const std::string& path, int error) {
  return std::unexpected("cannot " + std::string(what) + " " + path + ": " + std::generic_category().message(error));
}

class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int number() const { return number_; }

 private:
  const int number_;
};

// Returns 0, or the error.
int WriteAll(int descriptor, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = ::write(descriptor, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return errno;
    text.remove_prefix(written);
  }
  return 0;
}

}  // namespace

std::expected<std::string, std::string> ReadKeyFile(const std::string& path) {
  // Non-blocking, so that a pipe without a writer is refused and not waited for.
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (file.number() < 0) return Failure("read", path, errno);
  struct stat status{};
  if (::fstat(file.number(), &status) != 0) return Failure("read", path, errno);
  if (!S_ISREG(status.st_mode)) return std::unexpected("cannot read " + path + ": it is not a file");
  std::string text(kKeyFileBytesMax + 1, '\0');
  const ssize_t bytes = ::read(file.number(), text.data(), text.size());
  if (bytes < 0) return Failure("read", path, errno);
  if (static_cast<std::size_t>(bytes) > kKeyFileBytesMax) return std::unexpected(path + " is too large for a key");
  text.resize(bytes);
  while (text.ends_with('\n') || text.ends_with('\r')) text.pop_back();
  if (text.empty()) return std::unexpected(path + " is empty");
  if ((status.st_mode & S_IRWXO) != 0) LogWarning("a key can be read by every user of this machine", {{"file", path}});
  return text;
}

std::expected<KeyFileMade, std::string> MakeKeyFile(const std::string& path, std::string_view text, Random& random) {
  const std::string unfinished = UnfinishedName(path, random);
  int error = 0;
  {
    const Descriptor file(::open(unfinished.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
    if (file.number() < 0) return Failure("make", path, errno);
    error = WriteAll(file.number(), text);
    if (error == 0) error = WriteAll(file.number(), "\n");
  }
  if (error == 0) error = SyncFile(unfinished);
  if (error == 0) error = NameNew(unfinished, path);
  if (error != 0) ::unlink(unfinished.c_str());
  if (error == EEXIST) return KeyFileMade::kExists;
  if (error != 0) return Failure("make", path, error);
  return KeyFileMade::kYes;
}

std::expected<Done, std::string> MakeFolderOf(const std::string& path) {
  std::filesystem::path folder;
  for (const auto& part : std::filesystem::path(path).parent_path()) {
    folder /= part;
    if (::mkdir(folder.c_str(), 0700) == 0 || errno == EEXIST || errno == EISDIR) continue;
    const int error = errno;
    std::error_code ignored;
    if (std::filesystem::is_directory(folder, ignored)) continue;  // above a read-only mount
    return Failure("make the folder", folder.string(), error);
  }
  std::error_code ignored;
  if (!folder.empty() && !std::filesystem::is_directory(folder, ignored)) {
    return std::unexpected("cannot make the folder " + folder.string() + ": there is a file of that name");
  }
  return Done{};
}

std::string BesideDatabase(const std::string& database_path, std::string_view name) {
  return (std::filesystem::path(database_path).parent_path() / name).string();
}

std::string MasterKeyPath(const Settings& settings) {
  return settings.master_key_file.value_or(BesideDatabase(settings.database_path, "master.key"));
}

std::expected<KeyFileMade, std::string> MakeMasterKey(const std::string& path, Random& random) {
  SecretBox::Key key;
  random.Fill(key);
  std::string text = ToBase64(key);
  auto made = MakeKeyFile(path, text, random);
  sodium_memzero(key.data(), key.size());
  sodium_memzero(text.data(), text.size());
  return made;
}

std::expected<SecretBox::Key, std::string> ReadOrMakeMasterKey(const std::string& path,
                                                               const std::string& database_path, Random& random) {
  std::error_code ignored;
  if (!std::filesystem::exists(std::filesystem::symlink_status(path, ignored))) {
    if (std::filesystem::exists(database_path, ignored)) {
      return std::unexpected("the master key " + path + " is missing, and the secrets in " + database_path +
                             " cannot be read without it; put it back");
    }
    // If another process makes the file at the same moment, its key is read below.
    if (const auto made = MakeMasterKey(path, random); !made) return std::unexpected(made.error());
  }
  return ReadMasterKey(path);
}

std::expected<SecretBox::Key, std::string> ReadMasterKey(const std::string& path) {
  auto text = ReadKeyFile(path);
  if (!text) return std::unexpected(text.error());
  auto bytes = FromBase64(*text);
  sodium_memzero(text->data(), text->size());
  std::expected<SecretBox::Key, std::string> key;
  if (bytes && bytes->size() == key->size()) {
    std::ranges::copy(*bytes, key->begin());
  } else {
    key = std::unexpected(path + " holds no master key (32 bytes in base64)");
  }
  if (bytes) sodium_memzero(bytes->data(), bytes->size());
  return key;
}

}  // namespace shakehook
