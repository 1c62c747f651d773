# The libraries that the program links. With STATIC_LIBRARIES it takes their archives (and those of C++ itself), so that
# it runs on each Linux of its architecture whose C library is as new as the one that it was built with.
option(STATIC_LIBRARIES "Link the archives of libraries, so that the program needs the C library alone" ON)

find_package(Boost 1.81 REQUIRED)
find_package(OpenSSL 3 REQUIRED)
find_package(spdlog REQUIRED)
find_package(fmt REQUIRED)
find_package(Threads REQUIRED)
find_package(PkgConfig REQUIRED)
find_package(GTest REQUIRED)
pkg_check_modules(SODIUM REQUIRED IMPORTED_TARGET libsodium)
pkg_check_modules(CARES REQUIRED IMPORTED_TARGET libcares)
pkg_check_modules(UTF8PROC REQUIRED IMPORTED_TARGET libutf8proc)
pkg_check_modules(LIBPQ REQUIRED IMPORTED_TARGET libpq)
include(${CMAKE_CURRENT_LIST_DIR}/sqlite.cmake)

# link_archive(target archive PROPERTY name): has `target` stand for lib<archive>.a, where there is one.
function(link_archive target archive)
  cmake_parse_arguments(arg "" "PROPERTY" "" ${ARGN})
  find_library(archive_of_${archive} NAMES lib${archive}.a)
  if(archive_of_${archive})
    set_property(TARGET ${target} PROPERTY ${arg_PROPERTY} ${archive_of_${archive}})
  else()
    message(WARNING "lib${archive}.a is missing: the program will need the shared library")
  endif()
endfunction()

if(STATIC_LIBRARIES)
  link_archive(OpenSSL::SSL ssl PROPERTY IMPORTED_LOCATION)
  link_archive(OpenSSL::Crypto crypto PROPERTY IMPORTED_LOCATION)
  link_archive(PkgConfig::SODIUM sodium PROPERTY INTERFACE_LINK_LIBRARIES)
  link_archive(PkgConfig::CARES cares PROPERTY INTERFACE_LINK_LIBRARIES)
  link_archive(PkgConfig::UTF8PROC utf8proc PROPERTY INTERFACE_LINK_LIBRARIES)
endif()

file(GLOB prometheus_sources ${CMAKE_SOURCE_DIR}/third_party/prometheus-cpp/src/*.cc
     ${CMAKE_SOURCE_DIR}/third_party/prometheus-cpp/src/detail/*.cc)
add_library(prometheus STATIC ${prometheus_sources})
target_compile_options(prometheus PRIVATE -w)
set(prometheus_includes ${CMAKE_SOURCE_DIR}/third_party/prometheus-cpp/include)
target_include_directories(prometheus PRIVATE ${prometheus_includes} ${CMAKE_SOURCE_DIR}/third_party/prometheus-cpp/src)
# Where the same headers are installed (Debian 12's prometheus-cpp-dev), those are read.
pkg_check_modules(PROMETHEUS_HEADERS QUIET prometheus-cpp-core=1.0.1)
if(NOT PROMETHEUS_HEADERS_FOUND)
  target_include_directories(prometheus SYSTEM INTERFACE ${prometheus_includes})
endif()

# program_needs_libc_alone(target): links C++'s own libraries into it. The sanitizers' runtimes want the shared ones.
function(program_needs_libc_alone target)
  if(STATIC_LIBRARIES AND NOT SANITIZE)
    target_link_options(${target} PRIVATE -static-libstdc++ -static-libgcc)
  endif()
endfunction()
