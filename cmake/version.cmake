# Writes version_generated.h with VERSION and the commit of SOURCE_DIR. Run at each build; the file changes, and what
# includes it is compiled, only when the commit does.
execute_process(
  COMMAND git -C ${SOURCE_DIR} rev-parse --short=12 HEAD
  OUTPUT_VARIABLE commit OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET RESULT_VARIABLE failed)
if(failed)
  set(commit "unknown commit")
endif()
set(text "#pragma once\n#define SHAKEHOOK_VERSION \"${VERSION}\"\n#define SHAKEHOOK_COMMIT \"${commit}\"\n")
set(before "")
if(EXISTS ${OUTPUT})
  file(READ ${OUTPUT} before)
endif()
if(NOT text STREQUAL before)
  file(WRITE ${OUTPUT} "${text}")
endif()
