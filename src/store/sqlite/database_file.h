// Opens the database's file: the lock that keeps a second process out, the settings of a connection, the schema.
#pragma once

#include <expected>
#include <memory>
#include <string>

#include "base/random.h"
#include "base/secret_box.h"
#include "model/webhook.h"
#include "store/sqlite/engine/sqlite.h"

namespace shakehook::sqlite {

// FileLock is held while the file is in use; the system releases it when the process ends, however it ends. It is a
// lock on the file itself, whatever name leads to it (a symbolic or a hard link), and on a file beside it, NAME.lock,
// the only one that older versions lock. It uses flock, which does not affect the locks that SQLite takes on the file
// (fcntl).
// It must be released after the last connection to the file is closed: see SecondDescriptor.
class FileLock {
 public:
  // Makes the file if it is missing, readable only by its owner. It is an error if another process holds it.
  static std::expected<std::unique_ptr<FileLock>, std::string> Acquire(const std::string& path);
  ~FileLock();
  FileLock(const FileLock&) = delete;
  FileLock& operator=(const FileLock&) = delete;

 private:
  explicit FileLock(int beside) : beside_(beside) {}
  const int beside_;
  int file_ = -1;
};

// SecondDescriptor opens the file once more, beside SQLite. When a process closes any descriptor of a file, it loses
// all its locks on the file, SQLite's too, so this one must be closed after the last connection:
// https://www.sqlite.org/howtocorrupt.html, 2.2.
class SecondDescriptor {
 public:
  // Throws std::runtime_error.
  explicit SecondDescriptor(const std::string& path);
  ~SecondDescriptor();
  SecondDescriptor(const SecondDescriptor&) = delete;
  SecondDescriptor& operator=(const SecondDescriptor&) = delete;

  int get() const { return descriptor_; }

 private:
  const int descriptor_;
};

// The value of PRAGMA synchronous for connections that write.
std::string SynchronousSetting(Switch durable);

// Opens the file, or makes it, readable only by its owner, and brings its schema up to date. From then on the process
// uses no other folder than the file's. The error is one line that names the file.
std::expected<std::unique_ptr<Connection>, std::string> OpenDatabase(const std::string& path, Switch durable);

// Tells whether the database's secrets are sealed with this key; false if it has no key yet.
bool IsMasterKey(Connection& connection, const SecretBox& box);
// Refuses a master key that is not this database's, before anything is sealed with it: throws std::runtime_error.
void CheckMasterKey(Connection& connection, const SecretBox& box, Random& random);

}  // namespace shakehook::sqlite
