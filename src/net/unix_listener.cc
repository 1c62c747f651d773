#include "net/unix_listener.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "base/check.h"

namespace shakehook {
namespace {

constexpr mode_t kMode = S_IRUSR | S_IWUSR | S_IRGRP | S_IWGRP;

sockaddr_un AddressOf(const std::string& path) {
  CHECK(!path.empty() && path.size() <= UnixListener::kPathBytesMax);
  sockaddr_un address{.sun_family = AF_UNIX, .sun_path = {}};
  std::ranges::copy(path, address.sun_path);
  return address;
}

int MakeSocket() { return ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0); }

// Returns 0, or the error's number.
int Bind(int socket, const std::string& path) {
  const sockaddr_un address = AddressOf(path);
  // Linux makes the file with the mode that the socket has now, so that nobody else connects in between.
  ::fchmod(socket, kMode);
  if (::bind(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) return errno;
  return ::chmod(path.c_str(), kMode) == 0 ? 0 : errno;  // the umask may have taken some
}

// Makes room where a killed server left its file. Returns 0, or the error's number.
int RemoveWhatIsLeft(const std::string& path) {
  if (LookAtUnixPath(path) != AtUnixPath::kLeftBehind) return EADDRINUSE;
  return ::unlink(path.c_str()) == 0 ? 0 : errno;
}

std::string Explain(const std::string& path, int error) {
  if (error != EADDRINUSE) return path + ": " + std::strerror(error);
  if (LookAtUnixPath(path) == AtUnixPath::kOther) return path + " is there, and is no socket";
  return path + ": another program listens there";
}

}  // namespace

AtUnixPath LookAtUnixPath(const std::string& path) {
  struct stat status{};
  if (::lstat(path.c_str(), &status) != 0) return errno == ENOENT ? AtUnixPath::kNothing : AtUnixPath::kOther;
  if (!S_ISSOCK(status.st_mode)) return AtUnixPath::kOther;
  const int socket = MakeSocket();
  if (socket < 0) return AtUnixPath::kListens;  // it is not known; nothing is removed
  const sockaddr_un address = AddressOf(path);
  const bool refused =
      ::connect(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 && errno == ECONNREFUSED;
  ::close(socket);
  return refused ? AtUnixPath::kLeftBehind : AtUnixPath::kListens;
}

std::expected<std::unique_ptr<UnixListener>, std::string> UnixListener::Open(const std::string& path) {
  const int socket = MakeSocket();
  if (socket < 0) return std::unexpected(path + ": " + std::strerror(errno));
  int error = Bind(socket, path);
  if (error == EADDRINUSE) {
    error = RemoveWhatIsLeft(path);
    if (error == 0) error = Bind(socket, path);
  }
  if (error == 0 && ::listen(socket, SOMAXCONN) != 0) error = errno;
  const int file = error == 0 ? ::open(path.c_str(), O_PATH | O_NOFOLLOW | O_CLOEXEC) : -1;
  if (error == 0 && file < 0) error = errno;
  if (error != 0) {
    ::close(socket);
    return std::unexpected(Explain(path, error));
  }
  return std::unique_ptr<UnixListener>(new UnixListener(path, socket, file));
}

UnixListener::~UnixListener() {
  if (socket_ >= 0) ::close(socket_);
  struct stat ours{}, there{};
  const bool both = ::fstat(file_, &ours) == 0 && ::lstat(path_.c_str(), &there) == 0;
  if (both && ours.st_dev == there.st_dev && ours.st_ino == there.st_ino) ::unlink(path_.c_str());
  ::close(file_);
}

int UnixListener::Take() {
  CHECK(socket_ >= 0);
  return std::exchange(socket_, -1);
}

}  // namespace shakehook
