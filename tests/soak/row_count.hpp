// What became of the posts that clients wrote.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "tests/soak/good_clients.hpp"

namespace soak {

struct RowCount {
    std::int64_t rows = 0;
    std::int64_t acknowledged = 0;  // posts whose clients were told that they are written
    std::int64_t lost = 0;          // of these
    std::int64_t twice = 0;         // or more often, of all
    std::int64_t strange = 0;       // rows that nobody has written

    bool is_right() const { return lost == 0 && twice == 0 && strange == 0; }
};

// Reads all posts of the database.
RowCount count_rows(const std::string& database_url, const std::vector<GoodClients::Written>& written);

}  // namespace soak
