// Which lines the tests have run: gcovr's figures by folder, and its pages.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "manage/test_tree.hpp"

namespace manage {

struct FolderCoverage {
    std::string folder;  // "app/web"
    std::int64_t lines = 0;
    std::int64_t lines_run = 0;

    std::string percent() const;  // "87.5"; of no line "100.0"
};

// Forgets what was run before in the tree's build folder.
void reset_coverage(const TestTree& tree);

// Writes pages to html/index.html in the tree's build folder and returns what they say of each folder, by name, the sum last, as
// "all". Throws unavailable without gcovr.
std::vector<FolderCoverage> measure_coverage(TestTree& tree);

// The figures of gcovr's JSON summary. Throws invalid for another document.
std::vector<FolderCoverage> read_coverage(std::string_view summary);

}  // namespace manage
