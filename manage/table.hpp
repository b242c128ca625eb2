// Rows of text under headings, in columns of even width.
#pragma once

#include <string>
#include <vector>

namespace manage {

// Lines with an end each; all rows are as long as the first one. Widths are counted in bytes.
std::string aligned(const std::vector<std::vector<std::string>>& rows);

}  // namespace manage
