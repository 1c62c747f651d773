// Loaded before the C library (LD_PRELOAD): the files under ODD_FOLDER lie on a disk that cannot do what ODD_FAULTS
// names, as shares, FAT and file systems in user space cannot. ODD_LOG gets a line for each call that was refused.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int Refuses(const char* fault, const char* path) {
  const char* faults = getenv("ODD_FAULTS");
  const char* folder = getenv("ODD_FOLDER");
  char whole[PATH_MAX] = "";
  if (!faults || !folder || !strstr(faults, fault)) return 0;
  if (path[0] == '/') {
    snprintf(whole, sizeof whole, "%s", path);
  } else if (getcwd(whole, sizeof whole)) {
    const size_t length = strlen(whole);
    snprintf(whole + length, sizeof whole - length, "/%s", path);
  }
  if (strncmp(whole, folder, strlen(folder)) != 0) return 0;
  FILE* log = fopen(getenv("ODD_LOG"), "a");
  if (log) {
    fprintf(log, "%s %s\n", fault, whole);
    fclose(log);
  }
  return 1;
}

static int RefusesFile(const char* fault, int descriptor) {
  char name[64], path[PATH_MAX];
  snprintf(name, sizeof name, "/proc/self/fd/%d", descriptor);
  const ssize_t length = readlink(name, path, sizeof path - 1);
  if (length < 0) return 0;
  path[length] = 0;
  return Refuses(fault, path);
}

static int Fail(int error) {
  errno = error;
  return -1;
}

#define REAL(type, name) ((type)dlsym(RTLD_NEXT, name))

int link(const char* from, const char* to) {
  if (Refuses("link-eperm", to)) return Fail(EPERM);
  if (Refuses("link-enotsup", to)) return Fail(EOPNOTSUPP);
  return REAL(int (*)(const char*, const char*), "link")(from, to);
}

int renameat2(int from_folder, const char* from, int to_folder, const char* to, unsigned flags) {
  if (flags != 0 && Refuses("renameat2", to)) return Fail(EINVAL);
  return REAL(int (*)(int, const char*, int, const char*, unsigned), "renameat2")(from_folder, from, to_folder, to, flags);
}

static int EndsWith(const char* text, const char* ending) {
  const size_t length = strlen(text), wanted = strlen(ending);
  return length >= wanted && strcmp(text + length - wanted, ending) == 0;
}

// Names that are only tried, or of what is unfinished, end in digits.
static int IsFinal(const char* path) { return EndsWith(path, ".db") || EndsWith(path, ".key"); }

int rename(const char* from, const char* to) {
  if (Refuses("all-renames", to)) return Fail(EIO);
  if (IsFinal(to) && Refuses("kill-at-rename", to)) kill(getpid(), SIGKILL);
  return REAL(int (*)(const char*, const char*), "rename")(from, to);
}

int fsync(int descriptor) {
  struct stat status;
  const int folder = fstat(descriptor, &status) == 0 && S_ISDIR(status.st_mode);
  if (folder && RefusesFile("sync-folder-einval", descriptor)) return Fail(EINVAL);
  if (folder && RefusesFile("sync-folder-eio", descriptor)) return Fail(EIO);
  if (!folder && RefusesFile("sync-file-einval", descriptor)) return Fail(EINVAL);
  return REAL(int (*)(int), "fsync")(descriptor);
}

int fchmod(int descriptor, mode_t mode) {
  if (RefusesFile("mode", descriptor)) return Fail(EPERM);
  return REAL(int (*)(int, mode_t), "fchmod")(descriptor, mode);
}

static int Control(const char* name, int descriptor, int command, void* argument) {
  const int locks = command == F_SETLK || command == F_SETLKW || command == F_OFD_SETLK || command == F_GETLK;
  if (locks && RefusesFile("locks", descriptor)) return Fail(ENOLCK);
  return REAL(int (*)(int, int, ...), name)(descriptor, command, argument);
}

#define CONTROL(name)                                \
  int name(int descriptor, int command, ...) {       \
    va_list list;                                    \
    va_start(list, command);                         \
    void* const argument = va_arg(list, void*);      \
    va_end(list);                                    \
    return Control(#name, descriptor, command, argument); \
  }
CONTROL(fcntl)
CONTROL(fcntl64)
