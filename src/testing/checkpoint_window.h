// CheckpointWindow makes the moment between a checkpoint's reading of the log's header and its beginning as long as a
// test wants it: the moment in which SQLite before 3.51.3 must not meet a restart of the log (log_restart.h).
//
// It can also delay each page that such a checkpoint writes, as if its thread got no processor.
//
// It is a VFS in front of another one. While the object lives it is registered under that VFS's name too, so that code
// which opens its connections by itself opens them with it.
//
// Threads: the callbacks run on the thread that makes the checkpoint. Made and destroyed while no connection opens.
#pragma once

#include <sqlite3.h>

#include <functional>

namespace shakehook {

class CheckpointWindow {
 public:
  // `vfs`: the name of the one behind.
  CheckpointWindow(const char* vfs, std::function<void()> between, std::function<void()> before_page = {});
  ~CheckpointWindow();
  CheckpointWindow(const CheckpointWindow&) = delete;
  CheckpointWindow& operator=(const CheckpointWindow&) = delete;

  void Open() { between_(); }
  void BeforePage() {
    if (before_page_) before_page_();
  }

 private:
  sqlite3_vfs* const behind_;
  sqlite3_vfs* const default_;
  const std::function<void()> between_;
  const std::function<void()> before_page_;
  sqlite3_vfs vfs_;
};

}  // namespace shakehook
