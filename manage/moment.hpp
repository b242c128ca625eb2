// The time as a part of file names, which sort by it: "20261122T155302.123Z".
#pragma once

#include <string>
#include <string_view>

namespace manage {

// Now, in UTC.
std::string moment();

// Whether the text is one.
bool is_moment(std::string_view text);

}  // namespace manage
