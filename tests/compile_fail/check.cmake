# cmake -D SOURCE=x.cpp -D COMMAND="c++|-std=c++20|..." -P check.cmake
# Compiles SOURCE and fails unless that fails with the text after `// expect: ` in its first line, or works where that is `ok`.
file(STRINGS ${SOURCE} first LIMIT_COUNT 1)
if(NOT first MATCHES "^// expect: (.+)$")
  message(FATAL_ERROR "${SOURCE}: its first line is not `// expect: TEXT`")
endif()
set(expected "${CMAKE_MATCH_1}")

string(REPLACE "|" ";" command "${COMMAND}")
execute_process(COMMAND ${command} -fsyntax-only ${SOURCE} RESULT_VARIABLE failed OUTPUT_VARIABLE output ERROR_VARIABLE output)
string(FIND "${output}" "${expected}" found)

if(expected STREQUAL "ok")
  if(failed)
    message(FATAL_ERROR "it should compile, but:\n${output}")
  endif()
elseif(NOT failed)
  message(FATAL_ERROR "it compiles, and should not: ${expected}")
elseif(found EQUAL -1)
  message(FATAL_ERROR "the compiler's message lacks \"${expected}\":\n${output}")
endif()
