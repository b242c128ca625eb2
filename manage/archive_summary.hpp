// What `manage dump` and `manage load` say at their end.
#pragma once

#include <string>

#include "app/archive/format.hpp"
#include "manage/progress_bar.hpp"

namespace manage {

// A line that begins with "Dumped" or "Loaded" and one with the checksum of the rows; or one JSON document.
std::string archive_summary(const std::string& verb, const std::string& file, const app::archive::Summary& summary,
                            const Stopwatch& stopwatch, bool as_json);

}  // namespace manage
