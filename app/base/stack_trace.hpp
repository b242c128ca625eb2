// Names for the addresses of a stack.
#pragma once

#include <span>

namespace app::base {

// Writes a line for each address, the first being that of the instruction that was interrupted, the others those to return to: function,
// file and line as far as symbols and debug information tell, inlined functions included. Asks for memory and reads files: not for a
// signal handler, but for a child that may crash or hang.
void write_functions(int descriptor, std::span<void* const> addresses);

}  // namespace app::base
