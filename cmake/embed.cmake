# Puts files into the binary.
#
#   include(embed.cmake)
#   shakehook_embed(<library> FUNCTION <name> FOLDER <folder> FILES [<file>...])
#
# adds to the library a source that defines, in namespace shakehook,
#
#   std::span<const EmbeddedFile> <name>();
#
# (src/api/site/embedded_file.h) with each file under its path in the folder. The source is made again when a file changes.
#
# The same file, run by `cmake -P`, makes that source. Bytes are written as escapes of a string literal, which compiles
# faster than a list of numbers and, unlike #embed and .incbin, cannot be missed by a compiler cache.

if(NOT CMAKE_SCRIPT_MODE_FILE)
  set(SHAKEHOOK_EMBED_SCRIPT ${CMAKE_CURRENT_LIST_FILE})

  function(shakehook_embed library)
    cmake_parse_arguments(arg "" "FUNCTION;FOLDER" "FILES" ${ARGN})
    set(output ${CMAKE_BINARY_DIR}/generated/embedded/${arg_FUNCTION}.cc)
    list(TRANSFORM arg_FILES PREPEND ${arg_FOLDER}/ OUTPUT_VARIABLE paths)
    add_custom_command(
      OUTPUT ${output}
      COMMAND ${CMAKE_COMMAND} -DFUNCTION=${arg_FUNCTION} -DFOLDER=${arg_FOLDER} "-DFILES=${arg_FILES}"
              -DOUTPUT=${output} -P ${SHAKEHOOK_EMBED_SCRIPT}
      DEPENDS ${paths} ${SHAKEHOOK_EMBED_SCRIPT}
      COMMENT "Embedding the files of ${arg_FUNCTION}" VERBATIM)
    target_sources(${library} PRIVATE ${output})
    set_source_files_properties(${output} PROPERTIES SKIP_PRECOMPILE_HEADERS ON)
  endfunction()
  return()
endif()

set(entries "")
list(LENGTH FILES count)
foreach(file IN LISTS FILES)
  file(READ ${FOLDER}/${file} hex HEX)
  file(SIZE ${FOLDER}/${file} bytes)
  file(SHA256 ${FOLDER}/${file} hash)
  # 64 bytes a line; adjacent literals are one. An escape ends where its literal ends or the next begins.
  string(REGEX REPLACE "(................................................................................................................................)" "\\1\n" hex "${hex}")
  string(REGEX REPLACE "([0-9a-f][0-9a-f])" "\\\\x\\1" text "${hex}")
  string(REGEX REPLACE "\n" "\"\n     \"" text "${text}")
  string(APPEND entries "    {\"${file}\", {\"${text}\", ${bytes}}, \"${hash}\"},\n")
endforeach()

file(WRITE ${OUTPUT} "// Made by cmake/embed.cmake.
#include <array>
#include <span>

#include \"api/site/embedded_file.h\"

namespace shakehook {
namespace {

constexpr std::array<EmbeddedFile, ${count}> kFiles = {{
${entries}}};

}  // namespace

std::span<const EmbeddedFile> ${FUNCTION}() { return kFiles; }

}  // namespace shakehook
")
