#include "testing/checkpoint_window.h"

#include <utility>

#include "base/check.h"
#include "store/sqlite/engine/wrapped_file.h"

namespace shakehook {
namespace {

using sqlite::WrappedFile;

CheckpointWindow* current = nullptr;

// SQLite asks for memory-mapped pages to be unmapped just between the two, even if none are mapped.
int Unfetch(sqlite3_file*, sqlite3_int64, void*) {
  if (current != nullptr) current->Open();
  return SQLITE_OK;
}

int FetchNothing(sqlite3_file*, sqlite3_int64, int, void** page) {
  *page = nullptr;
  return SQLITE_OK;
}

int Write(sqlite3_file* file, const void* bytes, int count, sqlite3_int64 at) {
  if (current != nullptr) current->BeforePage();
  sqlite3_file* const behind = WrappedFile::Of(file).behind;
  return behind->pMethods->xWrite(behind, bytes, count, at);
}

constexpr sqlite3_io_methods WindowMethods() {
  sqlite3_io_methods methods = sqlite::PassedMethods();
  methods.xWrite = Write;
  methods.iVersion = 3;
  methods.xFetch = FetchNothing;
  methods.xUnfetch = Unfetch;
  return methods;
}
constexpr sqlite3_io_methods kMethods = WindowMethods();

int OpenFile(sqlite3_vfs* vfs, const char* name, sqlite3_file* opened, int flags, int* out_flags) {
  auto* const behind = static_cast<sqlite3_vfs*>(vfs->pAppData);
  if ((flags & SQLITE_OPEN_MAIN_DB) == 0) return behind->xOpen(behind, name, opened, flags, out_flags);
  WrappedFile& file = WrappedFile::Of(opened);
  if (const int code = sqlite::OpenBehind(behind, name, file, flags, out_flags); code != SQLITE_OK) return code;
  file.base.pMethods = &kMethods;
  return SQLITE_OK;
}

}  // namespace

CheckpointWindow::CheckpointWindow(const char* vfs, std::function<void()> between, std::function<void()> before_page)
    : behind_(sqlite3_vfs_find(vfs)),
      default_(sqlite3_vfs_find(nullptr)),
      between_(std::move(between)),
      before_page_(std::move(before_page)),
      vfs_(sqlite::VfsInFrontOf<WrappedFile>(*behind_, behind_->zName, OpenFile)) {
  CHECK(current == nullptr);
  current = this;
  vfs_.pAppData = behind_;
  constexpr int kFirst = 1;
  CHECK(sqlite3_vfs_register(&vfs_, kFirst) == SQLITE_OK);
}

CheckpointWindow::~CheckpointWindow() {
  sqlite3_vfs_unregister(&vfs_);
  constexpr int kFirst = 1;
  sqlite3_vfs_register(default_, kFirst);
  current = nullptr;
}

}  // namespace shakehook
