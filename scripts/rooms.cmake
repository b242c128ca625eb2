# How a room is built: the functions that CMakeLists.txt and tests/CMakeLists.txt are written in.

find_program(CCACHE ccache)
if(CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CCACHE})
endif()

# What every target is compiled with. Hardening belongs to release builds: sanitizers bring their own checks.
add_library(dewar_options INTERFACE)
target_include_directories(dewar_options INTERFACE ${PROJECT_SOURCE_DIR})
target_compile_options(dewar_options INTERFACE -Wall -Wextra -Wpedantic $<$<BOOL:${DEWAR_WERROR}>:-Werror>)
# g++ takes the moved-from half of a std::variant for uninitialised (GCC bug 105562), and g++ 12 overlapping copies for possible in
# std::string (105651): these two warnings say nothing true. clang's and the sanitizers' do.
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  target_compile_options(dewar_options INTERFACE -Wno-maybe-uninitialized)
  if(CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
    target_compile_options(dewar_options INTERFACE -Wno-restrict)
  endif()
endif()
if(CMAKE_UNITY_BUILD)   # where every source counts as included, as if its anonymous namespaces were in a header
  target_compile_options(dewar_options INTERFACE $<$<CXX_COMPILER_ID:GNU>:-Wno-subobject-linkage>)
endif()
target_compile_definitions(dewar_options INTERFACE DEWAR_VERSION="${PROJECT_VERSION}")
if(DEWAR_SANITIZE)
  target_compile_options(dewar_options INTERFACE -fsanitize=${DEWAR_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  target_link_options(dewar_options INTERFACE -fsanitize=${DEWAR_SANITIZE})
else()
  target_compile_options(dewar_options INTERFACE
    $<$<CONFIG:Release>:-fstack-protector-strong -fstack-clash-protection -fcf-protection -D_FORTIFY_SOURCE=2 -D_GLIBCXX_ASSERTIONS>)
  target_link_options(dewar_options INTERFACE $<$<CONFIG:Release>:-Wl,-z,relro,-z,now>)
endif()
# Some seventy test programs are linked: mold takes a fifth of the time of GNU ld.
find_program(MOLD mold)
if(MOLD AND DEWAR_TESTS)
  target_link_options(dewar_options INTERFACE -fuse-ld=mold)
endif()
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
if(DEWAR_SANITIZE)   # else the sanitizers' tables would be relocated in each of the thousands of short processes that the tests start
  set(CMAKE_POSITION_INDEPENDENT_CODE OFF)
endif()
include(CheckPIESupported)
check_pie_supported(LANGUAGES CXX)

# add_room(FOLDER LINKS ...): the sources directly in FOLDER as the static library named after it (app/api/v1_0 -> app_api_v1_0).
# main.cpp of an executable is left out.
function(add_room folder)
  cmake_parse_arguments(ROOM "" "" "LINKS" ${ARGN})
  string(REPLACE "/" "_" room ${folder})
  file(GLOB sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/${folder}/*.cpp ${PROJECT_SOURCE_DIR}/${folder}/*.hpp)
  list(FILTER sources EXCLUDE REGEX "/manage/main\\.cpp$")
  add_library(${room} STATIC ${sources})
  set_target_properties(${room} PROPERTIES LINKER_LANGUAGE CXX)
  target_link_libraries(${room} PUBLIC dewar_options ${ROOM_LINKS})
endfunction()

# A file that the build makes, with names that others have too: compiled alone in every build.
function(add_generated_source room source)
  target_sources(${room} PRIVATE ${source})
  set_source_files_properties(${source} PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)
endfunction()

# embed_files(ROOM NAMESPACE GLOB... | BELOW FOLDER): the files become `std::span<const app::base::EmbeddedFile> NAMESPACE::files()`,
# linked into ROOM, so that the binary needs no files beside it. Names are without their folder; with BELOW, they are all files of
# that folder and those in it, named from there on: "icons/small.svg".
function(embed_files room namespace)
  cmake_parse_arguments(EMBED "" "BELOW" "" ${ARGN})
  if(EMBED_BELOW)
    set(root ${PROJECT_SOURCE_DIR}/${EMBED_BELOW})
    file(GLOB_RECURSE files CONFIGURE_DEPENDS ${root}/*)
  else()
    set(root "")
    list(TRANSFORM EMBED_UNPARSED_ARGUMENTS PREPEND ${PROJECT_SOURCE_DIR}/ OUTPUT_VARIABLE globs)
    file(GLOB files CONFIGURE_DEPENDS ${globs})
  endif()
  set(output ${PROJECT_BINARY_DIR}/embedded/${room}.cpp)
  list(JOIN files "|" joined)
  add_custom_command(OUTPUT ${output}
    COMMAND ${CMAKE_COMMAND} -D OUTPUT=${output} -D NAMESPACE=${namespace} -D ROOT=${root} -D "FILES=${joined}"
            -P ${PROJECT_SOURCE_DIR}/scripts/embed.cmake
    DEPENDS ${files} ${PROJECT_SOURCE_DIR}/scripts/embed.cmake
    COMMENT "Embedding ${ARGN}" VERBATIM)
  add_generated_source(${room} ${output})
endfunction()

# add_build_id(ROOM FOLDER...): app::api::build_id(), a hash of all sources in these folders and those in them, linked into ROOM.
function(add_build_id room)
  list(TRANSFORM ARGN PREPEND ${PROJECT_SOURCE_DIR}/)
  list(TRANSFORM ARGN APPEND "/*.[ch]pp")
  file(GLOB_RECURSE files CONFIGURE_DEPENDS ${ARGN})
  list(SORT files)
  set(output ${PROJECT_BINARY_DIR}/build_id/${room}.cpp)
  list(JOIN files "|" joined)
  add_custom_command(OUTPUT ${output}
    COMMAND ${CMAKE_COMMAND} -D OUTPUT=${output} -D ROOT=${PROJECT_SOURCE_DIR} -D "FILES=${joined}"
            -P ${PROJECT_SOURCE_DIR}/scripts/build_id.cmake
    DEPENDS ${files} ${PROJECT_SOURCE_DIR}/scripts/build_id.cmake
    COMMENT "Computing the build id" VERBATIM)
  add_generated_source(${room} ${output})
endfunction()

# add_components(ROOM): manage::embedded::files() with "components.lock", what is installed here of [run] in scripts/packages.txt, and
# packages.txt itself, linked into ROOM. Asked again whenever a package was installed; who links ROOM is only made again when it differs.
function(add_components room)
  set(lock ${PROJECT_BINARY_DIR}/components/components.lock)
  set(output ${PROJECT_BINARY_DIR}/components/${room}.cpp)
  set(packages ${PROJECT_SOURCE_DIR}/scripts/packages.txt)
  set(status /var/lib/dpkg/status)
  if(NOT EXISTS ${status})
    set(status "")
  endif()
  add_custom_command(OUTPUT ${lock}
    COMMAND ${PROJECT_SOURCE_DIR}/scripts/components --output ${lock} run
    DEPENDS ${PROJECT_SOURCE_DIR}/scripts/components ${PROJECT_SOURCE_DIR}/scripts/lib.sh ${packages} ${status}
    COMMENT "Asking for the versions of packages" VERBATIM)
  add_custom_command(OUTPUT ${output}
    COMMAND ${CMAKE_COMMAND} -D OUTPUT=${output} -D NAMESPACE=manage::embedded -D ROOT= -D "FILES=${lock}|${packages}"
            -P ${PROJECT_SOURCE_DIR}/scripts/embed.cmake
    DEPENDS ${lock} ${packages} ${PROJECT_SOURCE_DIR}/scripts/embed.cmake
    COMMENT "Embedding components" VERBATIM)
  add_generated_source(${room} ${output})
endfunction()
