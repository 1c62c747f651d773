#include "testing/postgres_server.h"

#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>

#include "base/check.h"

namespace shakehook {
namespace {

constexpr const char* kSuperuser = "shakehook";

// Returns the folder of PostgreSQL's programs, with a slash, of the newest version that Debian has installed; an empty
// text where another system has them on the PATH.
std::string FindPrograms() {
  std::vector<std::string> found;
  std::error_code ignored;
  for (const auto& version : std::filesystem::directory_iterator("/usr/lib/postgresql", ignored)) {
    const auto programs = version.path() / "bin";
    if (std::filesystem::exists(programs / "postgres", ignored)) found.push_back(programs.string() + "/");
  }
  if (found.empty()) return "";
  return *std::ranges::max_element(found, {}, [](const std::string& path) { return std::pair(path.size(), path); });
}

// It looks once, before the tests have threads: ThreadSanitizer does not see how the standard library opens a folder,
// and takes its number for that of a descriptor which a thread has just closed.
std::string Program(const std::string& name) {
  static const std::string programs = FindPrograms();
  return programs + name;
}

struct Pipe {
  Pipe() { CHECK(pipe2(ends.data(), O_CLOEXEC) == 0); }
  std::array<int, 2> ends;
};

std::string ReadAll(int output) {
  std::string text;
  std::array<char, 4096> block;
  for (ssize_t got; (got = read(output, block.data(), block.size())) > 0;) {
    text.append(block.data(), static_cast<std::size_t>(got));
  }
  close(output);
  return text;
}

}  // namespace

PostgresServer::PostgresServer() {
  if (geteuid() == 0) {
    const passwd* user = getpwnam("postgres");
    if (user == nullptr) user = getpwnam("nobody");
    CHECK(user != nullptr);
    user_ = User{.uid = user->pw_uid, .gid = user->pw_gid};
    CHECK(chown(folder_.path().c_str(), user_->uid, user_->gid) == 0);
  }
  const Pipe output;
  const pid_t initdb = Launch({Program("initdb"), "--pgdata=" + folder_.File("data"), "--auth=trust", "--encoding=UTF8",
                               "--locale=C", "--no-sync", std::string("--username=") + kSuperuser},
                              output.ends[1]);
  close(output.ends[1]);
  const std::string said = ReadAll(output.ends[0]);
  int status = 0;
  CHECK(waitpid(initdb, &status, 0) == initdb);
  if (status != 0) std::fprintf(stderr, "initdb failed (Debian's package postgresql has it):\n%s", said.c_str());
  CHECK(status == 0);
  Start();
}

PostgresServer::~PostgresServer() {
  Thaw();
  Stop(SIGQUIT);
}

std::vector<std::pair<std::string, std::string>> PostgresServer::ParametersFor(const std::string& database) const {
  return {{"host", folder_.path().string()}, {"user", kSuperuser}, {"dbname", database}};
}

void PostgresServer::Start() {
  const Pipe output;
  server_ = Launch({Program("postgres"),
                    "-D",
                    folder_.File("data"),
                    "-k",
                    folder_.path().string(),
                    "-c",
                    "listen_addresses=",
                    "-c",
                    "fsync=off",
                    "-c",
                    "full_page_writes=off",
                    "-c",
                    "shared_buffers=32MB",
                    "-c",
                    "max_connections=50",
                    "-c",
                    "autovacuum=off",
                    "-c",
                    "log_min_messages=warning",
                    "-c",
                    "log_min_error_statement=panic",
                    "-c",
                    "lc_messages=C"},
                   output.ends[1]);
  close(output.ends[1]);
  ready_ = ended_ = false;
  log_reader_ = std::thread([this, log = output.ends[0]] { ReadLog(log); });
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return ready_ || ended_; });
  if (!ready_) std::fprintf(stderr, "PostgreSQL did not start:\n%s", log_.c_str());
  CHECK(ready_);
}

void PostgresServer::ReadLog(int output) {
  std::array<char, 4096> block;
  for (ssize_t got; (got = read(output, block.data(), block.size())) > 0;) {
    const std::lock_guard lock(mutex_);
    if (!ready_) {
      log_.append(block.data(), static_cast<std::size_t>(got));
      ready_ = log_.find("ready to accept connections") != std::string::npos;
    }
    changed_.notify_all();
  }
  close(output);
  const std::lock_guard lock(mutex_);
  ended_ = true;
  changed_.notify_all();
}

void PostgresServer::Stop(int signal) {
  kill(server_, signal);
  int status = 0;
  CHECK(waitpid(server_, &status, 0) == server_);
  log_reader_.join();
  log_.clear();
}

void PostgresServer::Crash() {
  Stop(SIGQUIT);
  Start();
}

// The server's processes are the children of its first one, each in a session of its own.
void PostgresServer::SignalAll(int signal) {
  std::ifstream children("/proc/" + std::to_string(server_) + "/task/" + std::to_string(server_) + "/children");
  for (pid_t child = 0; children >> child;) kill(child, signal);
  kill(server_, signal);
}

void PostgresServer::Freeze() { SignalAll(SIGSTOP); }
void PostgresServer::Thaw() { SignalAll(SIGCONT); }

pid_t PostgresServer::Launch(const std::vector<std::string>& command, int output) const {
  std::vector<char*> arguments;
  for (const std::string& argument : command) arguments.push_back(const_cast<char*>(argument.c_str()));
  arguments.push_back(nullptr);
  const std::string path = "PATH=/usr/local/bin:/usr/bin:/bin";
  const std::array environment = {const_cast<char*>(path.c_str()), static_cast<char*>(nullptr)};
  const pid_t parent = getpid();
  const pid_t child = fork();
  CHECK(child >= 0);
  if (child > 0) return child;
  // Only what may be called between fork and exec.
  dup2(output, STDOUT_FILENO);
  dup2(output, STDERR_FILENO);
  if (user_ && (setgroups(0, nullptr) != 0 || setgid(user_->gid) != 0 || setuid(user_->uid) != 0)) _exit(126);
  if (chdir("/") != 0) _exit(126);
  prctl(PR_SET_PDEATHSIG, SIGQUIT);  // after the change of the user, which forgets it
  if (getppid() != parent) _exit(126);
  execvpe(arguments[0], arguments.data(), environment.data());
  _exit(127);
}

}  // namespace shakehook
