# The SQLite that is linked, as SQLite::SQLite3: the source that third_party/sqlite brings (npm ci; ./dev build sees to
# it), compiled into the program, or the system's library. Debian 12's (3.40.1) has the WAL-reset bug
# (src/store/sqlite/engine/log_restart.h).
option(BUNDLED_SQLITE "Link the SQLite of third_party/sqlite, where it is installed, and not the system's" ON)

set(sqlite_folder ${CMAKE_SOURCE_DIR}/third_party/sqlite/node_modules/better-sqlite3/deps/sqlite3)
file(GLOB sqlite_source CONFIGURE_DEPENDS ${sqlite_folder}/sqlite3.c)  # configured again once it is there
if(NOT BUNDLED_SQLITE OR NOT sqlite_source)
  find_package(SQLite3 REQUIRED)
  if(BUNDLED_SQLITE)
    message(WARNING "third_party/sqlite is not installed (npm ci --ignore-scripts): linking the system's SQLite "
                    "${SQLite3_VERSION}. With one before 3.51.3 no other program may write to the database.")
  endif()
  return()
endif()

# Build folders that were configured for C++ alone know of no C compiler.
if(NOT CMAKE_C_COMPILER)
  string(REPLACE "clang++" "clang" CMAKE_C_COMPILER "${CMAKE_CXX_COMPILER}")
  set(CMAKE_C_COMPILER_LAUNCHER "${CMAKE_CXX_COMPILER_LAUNCHER}")
endif()
enable_language(C)
add_library(sqlite STATIC ${sqlite_source})
target_include_directories(sqlite SYSTEM INTERFACE ${sqlite_folder})
# The code of others: its warnings are not ours, and no sanitizer checks it, as none checks the other libraries.
target_compile_options(sqlite PRIVATE -O2 -w -fno-sanitize=all)
# The compiler lays out first what runs often, by a profile of the benchmarks (profile-guided optimization). It is made by
# ./dev profile, which counts with a program that COUNT_SQLITE builds; make it anew when SQLite's version changes, because a
# function that differs is compiled as without one.
option(COUNT_SQLITE "Have SQLite count how often each branch is taken, and write the counts when the program ends" OFF)
set(sqlite_profile ${CMAKE_SOURCE_DIR}/third_party/sqlite/sqlite3.profdata)
if(COUNT_SQLITE)
  target_compile_options(sqlite PRIVATE -fprofile-generate -fprofile-update=atomic)
  target_link_options(sqlite PUBLIC -fprofile-generate)
elseif(NOT SANITIZE)
  target_compile_options(sqlite PRIVATE -fprofile-use=${sqlite_profile})
endif()
# A function of one file alone is named after the file, but not after the folder that the sources lie in.
target_compile_options(sqlite PRIVATE "SHELL:-mllvm -static-func-full-module-prefix=false")
target_compile_definitions(sqlite PRIVATE
  # What its configure would find on Linux; without these it falls back to fsync, and to seeking before each read.
  HAVE_FDATASYNC=1 HAVE_PREAD=1 HAVE_PWRITE=1 HAVE_USLEEP=1 HAVE_NANOSLEEP=1 HAVE_FCHMOD=1 HAVE_FCHOWN=1 HAVE_READLINK=1
  HAVE_LSTAT=1 HAVE_POSIX_FALLOCATE=1 HAVE_MALLOC_H=1 HAVE_MALLOC_USABLE_SIZE=1 HAVE_GMTIME_R=1 HAVE_LOCALTIME_R=1
  HAVE_ISNAN=1 HAVE_STRCHRNUL=1 HAVE_STDINT_H=1 HAVE_INTTYPES_H=1 _GNU_SOURCE
  # A connection belongs to one thread at a time (src/store/sqlite/engine/sqlite.h).
  SQLITE_THREADSAFE=2
  SQLITE_OMIT_LOAD_EXTENSION SQLITE_OMIT_DEPRECATED SQLITE_OMIT_SHARED_CACHE SQLITE_LIKE_DOESNT_MATCH_BLOBS
  # What Debian's has, of what this program or its migrations may use.
  SQLITE_ENABLE_FTS5 SQLITE_ENABLE_MATH_FUNCTIONS SQLITE_ENABLE_UPDATE_DELETE_LIMIT SQLITE_ENABLE_DBSTAT_VTAB)
target_link_libraries(sqlite PRIVATE Threads::Threads m)
add_library(SQLite::SQLite3 ALIAS sqlite)
