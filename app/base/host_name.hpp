// This machine, as it tells people apart who of several did something.
#pragma once

#include <string>

namespace app::base {

// The host's name as the system has it (gethostname), at most 64 bytes on Linux; "?" if it has none to tell.
std::string host_name();

}  // namespace app::base
