// PostgresServer runs a PostgreSQL of its own on a socket of this machine, with its data in a temporary folder, and
// ends it. It listens to no network, and forgets everything. PostgreSQL refuses to run as root: a root's server runs as
// the user postgres or nobody.
//
// The server ends with the thread that started it, however that ends.
//
// Threads: one.
#pragma once

#include <sys/types.h>

#include <condition_variable>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "testing/temporary_folder.h"

namespace shakehook {

class PostgresServer {
 public:
  // Returns when it accepts connections. A CHECK fails, with the server's own words before it, if it does not start.
  PostgresServer();
  ~PostgresServer();
  PostgresServer(const PostgresServer&) = delete;
  PostgresServer& operator=(const PostgresServer&) = delete;

  // Returns libpq's parameters for a connection to a database: the superuser's, without a password.
  std::vector<std::pair<std::string, std::string>> ParametersFor(const std::string& database) const;

  // Ends all connections without a farewell, as a crash does; then starts again with what was committed.
  void Crash();
  // Stops all of its processes, so that nothing answers, and lets them go on. They go on when it ends, too.
  void Freeze();
  void Thaw();

 private:
  // The one that the server runs as; absent: as this process.
  struct User {
    uid_t uid;
    gid_t gid;
  };
  void Start();
  void Stop(int signal);
  void SignalAll(int signal);
  pid_t Launch(const std::vector<std::string>& command, int output) const;
  // Reads the server's log to its end, and tells when it is ready.
  void ReadLog(int output);

  TemporaryFolder folder_;
  std::optional<User> user_;
  pid_t server_ = -1;
  std::thread log_reader_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool ready_ = false;
  bool ended_ = false;
  std::string log_;
};

}  // namespace shakehook
