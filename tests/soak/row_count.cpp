#include "tests/soak/row_count.hpp"

#include "app/base/text.hpp"
#include "app/db/database.hpp"

namespace soak {
namespace {

using Counts = std::vector<std::vector<int>>;  // by writer and number

// Where to count a post with that text; null for none of ours.
int* find_count(Counts& counts, std::string_view text) {
    if (!text.starts_with(post_prefix)) return nullptr;
    text.remove_prefix(post_prefix.size());
    const auto blank = text.find(' ');
    if (blank == std::string_view::npos) return nullptr;
    const auto writer = app::base::parse_integer(text.substr(0, blank)),
               number = app::base::parse_integer(text.substr(blank + 1));
    if (!writer || !number || *writer < 0 || *number < 0) return nullptr;
    if (static_cast<std::size_t>(*writer) >= counts.size()) return nullptr;
    auto& of_writer = counts[static_cast<std::size_t>(*writer)];
    return static_cast<std::size_t>(*number) < of_writer.size() ? &of_writer[static_cast<std::size_t>(*number)] : nullptr;
}

}  // namespace

RowCount count_rows(const std::string& database_url, const std::vector<GoodClients::Written>& written) {
    RowCount result;
    Counts counts;
    for (const auto& writer : written) counts.emplace_back(static_cast<std::size_t>(writer.count));
    const auto database = app::db::open({.url = database_url});
    database->read([&](app::db::Connection& connection) {
        connection.each("SELECT body FROM posts", [&](const app::db::Row& row) {
            ++result.rows;
            int* const count = find_count(counts, row.text(0));
            count != nullptr ? ++*count : ++result.strange;
        });
    });
    for (std::size_t writer = 0; writer < counts.size(); ++writer) {
        const auto& doubtful = written[writer].doubtful;
        for (std::size_t number = 0; number < counts[writer].size(); ++number) {
            const bool is_acknowledged = !doubtful.contains(static_cast<std::int64_t>(number));
            result.acknowledged += is_acknowledged ? 1 : 0;
            result.lost += is_acknowledged && counts[writer][number] == 0 ? 1 : 0;
            result.twice += counts[writer][number] > 1 ? 1 : 0;
        }
    }
    return result;
}

}  // namespace soak
