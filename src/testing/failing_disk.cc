#include "testing/failing_disk.h"

#include "base/check.h"
#include "store/sqlite/engine/wrapped_file.h"

namespace shakehook {
namespace {

using Call = FailingDisk::Call;
using Methods = sqlite3_io_methods;
using sqlite::Passed;
using sqlite::WrappedFile;

template <Call kCall>
int Ask(sqlite3_file*) {
  return FailingDisk::Instance().Ask(kCall);
}

int Write(sqlite3_file* file, const void* bytes, int count, sqlite3_int64 at) {
  sqlite3_file* const behind = WrappedFile::Of(file).behind;
  const int code = FailingDisk::Instance().Ask(Call::kWrite);
  if (code == SQLITE_OK) return behind->pMethods->xWrite(behind, bytes, count, at);
  if (code == SQLITE_FULL) behind->pMethods->xWrite(behind, bytes, count / 2, at);
  return code;
}

// The others pass; a close must not fail, or the file would stay open.
constexpr Methods FailingMethods() {
  Methods methods = sqlite::PassedMethods();
  methods.xRead = Passed<&Methods::xRead, Ask<Call::kRead>>::Call;
  methods.xWrite = Write;
  methods.xTruncate = Passed<&Methods::xTruncate, Ask<Call::kTruncate>>::Call;
  methods.xSync = Passed<&Methods::xSync, Ask<Call::kSync>>::Call;
  methods.xShmMap = Passed<&Methods::xShmMap, Ask<Call::kSharedMemory>>::Call;
  return methods;
}
constexpr Methods kMethods = FailingMethods();

int Open(sqlite3_vfs*, const char* name, sqlite3_file* opened, int flags, int* out_flags) {
  FailingDisk& disk = FailingDisk::Instance();
  opened->pMethods = nullptr;
  if (const int code = disk.Ask(Call::kOpen); code != SQLITE_OK) return code;
  WrappedFile& file = WrappedFile::Of(opened);
  if (const int code = sqlite::OpenBehind(disk.below(), name, file, flags, out_flags); code != SQLITE_OK) return code;
  file.base.pMethods = &kMethods;
  return SQLITE_OK;
}

}  // namespace

FailingDisk::FailingDisk() : below_(sqlite::SystemVfs()) {
  CHECK(below_ != nullptr);
  static sqlite3_vfs vfs = sqlite::VfsInFrontOf<WrappedFile>(*below_, below_->zName, Open);
  constexpr int kAsDefault = 1;
  CHECK(sqlite3_vfs_register(&vfs, kAsDefault) == SQLITE_OK);
}

FailingDisk& FailingDisk::Instance() {
  static FailingDisk disk;
  return disk;
}

void FailingDisk::Fail(Call call, int code, std::int64_t nth, std::int64_t count) {
  code_ = code;
  before_ = nth - 1;
  left_ = count;
  failed_ = 0;
  call_ = static_cast<int>(call);
}

void FailingDisk::Heal() { call_ = -1; }

int FailingDisk::Ask(Call call) {
  if (call_ != static_cast<int>(call)) return SQLITE_OK;
  if (before_ > 0) {
    --before_;
    return SQLITE_OK;
  }
  if (left_ == 0) return SQLITE_OK;
  --left_;
  ++failed_;
  return code_;
}

}  // namespace shakehook
