// The time as a part of file names, which sort by it: "20261122T155302.123Z"; and as it stands in documents.
#pragma once

#include <string>
#include <string_view>

#include "app/base/clock.hpp"

namespace manage {

// Now, in UTC.
std::string moment();

// Whether the text is one.
bool is_moment(std::string_view text);

// Now; or what SOURCE_DATE_EPOCH says (reproducible-builds.org), so that who makes a document again gets the same. Throws invalid if that
// is no time.
app::base::Timestamp creation_time();

}  // namespace manage
