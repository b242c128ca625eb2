// "Did you mean ...?": the known word that somebody who wrote an unknown one had probably in mind. For error messages about
// config names, keys and subcommands.
#pragma once

#include <span>
#include <string_view>

namespace app::base {

// The choice with the fewest letters added, left out, changed or swapped with their neighbour (Damerau-Levenshtein, optimal
// string alignment; upper and lower case of ASCII are the same), but at most one in three of `word` and never more than three;
// else the only choice that begins with `word` ("prod" -> "production"); else empty. The first of equals. Views into `choices`.
std::string_view nearest(std::string_view word, std::span<const std::string_view> choices);

}  // namespace app::base
