// A text and what stands in body_html for it.
#pragma once

#include <string>

#include "tests/support/harmless.hpp"

namespace tests {

struct Pair {
    std::string name;
    std::string input;
    std::string expected;
};

}  // namespace tests
