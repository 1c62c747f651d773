// UnixListener is a Unix socket that listens at a path. Whoever may write to its file may connect: the server's user
// and group (mode 0660).
//
// A file that a server left behind, because it was killed, is replaced; one whose server still listens is not, nor is
// anything that is no socket.
//
// Ownership: the file, which it removes at its end, unless another server has put its own there by then; the socket
//            until it is taken.
// Threads:   used by one thread.
#pragma once

#include <expected>
#include <memory>
#include <string>
#include <utility>

namespace shakehook {

class UnixListener {
 public:
  static constexpr std::size_t kPathBytesMax = 107;  // sockaddr_un has no room for more

  // Precondition: the path has 1 to kPathBytesMax bytes. The error is one line that names the path.
  static std::expected<std::unique_ptr<UnixListener>, std::string> Open(const std::string& path);
  ~UnixListener();
  UnixListener(const UnixListener&) = delete;
  UnixListener& operator=(const UnixListener&) = delete;

  // Returns the socket, which is the caller's from now on. Called once.
  int Take();

 private:
  UnixListener(std::string path, int socket, int file) : path_(std::move(path)), socket_(socket), file_(file) {}

  const std::string path_;
  int socket_;      // -1: taken
  const int file_;  // held, so that no other file gets its number
};

// Tells what is at the path: nothing, a socket where somebody listens, one where nobody does, or anything else.
enum class AtUnixPath { kNothing, kListens, kLeftBehind, kOther };
AtUnixPath LookAtUnixPath(const std::string& path);

}  // namespace shakehook
