# cmake -D OUTPUT=x.cpp -D NAMESPACE=a::b -D ROOT=/c -D FILES="/c/one|/c/d/two" -P embed.cmake
# Writes a C++ source that holds the files' bytes as arrays, named from ROOT on or, if that is empty, without their folder; see
# embed_files() in rooms.cmake.
string(REPLACE "|" ";" files "${FILES}")
set(arrays "")
set(entries "")
set(index 0)
foreach(file IN LISTS files)
  if(ROOT)
    file(RELATIVE_PATH name ${ROOT} ${file})
  else()
    get_filename_component(name ${file} NAME)
  endif()
  file(READ ${file} hex HEX)
  string(REGEX REPLACE "(..)" "'\\\\x\\1'," bytes "${hex}")
  string(APPEND arrays "constexpr char file_${index}[] = {${bytes}'\\0'};\n")
  string(APPEND entries "    {\"${name}\", {file_${index}, sizeof file_${index} - 1}},\n")
  math(EXPR index "${index} + 1")
endforeach()
file(WRITE ${OUTPUT} "// Generated from the files named below by scripts/embed.cmake.
#include \"app/base/embedded.hpp\"

namespace {
${arrays}constexpr app::base::EmbeddedFile all[] = {
${entries}    {{}, {}}};
}  // namespace

namespace ${NAMESPACE} {
std::span<const app::base::EmbeddedFile> files();
std::span<const app::base::EmbeddedFile> files() { return {all, ${index}}; }
}  // namespace ${NAMESPACE}
")
