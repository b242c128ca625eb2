// What `manage top` shows: two looks at /metrics made into rates, times and states.
#pragma once

#include <string>

#include "manage/metrics_text.hpp"

namespace manage {

// For people, the most important first: lines with an end each, the slowest routes last, harmless to a terminal. `url` is where it was
// read.
std::string top_text(const Scrape& before, const Scrape& after, std::string_view url);

// For machines: one object in one line, with its end. What is not known (times of what did not happen) is null.
std::string top_json(const Scrape& before, const Scrape& after);

}  // namespace manage
