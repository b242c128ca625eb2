# cmake -D OUTPUT=x.cpp -D NAMESPACE=a::b -D FILES="one|two" -P embed.cmake
# Writes a C++ source that holds the files' bytes as arrays; see embed_files() in rooms.cmake.
string(REPLACE "|" ";" files "${FILES}")
set(arrays "")
set(entries "")
set(index 0)
foreach(file IN LISTS files)
  get_filename_component(name ${file} NAME)
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
