#include "app/db/examine.hpp"

namespace app::db {
namespace {

constexpr const char* right_collation = "utf8mb4_bin";

void examine_columns(Connection& connection, std::vector<Flaw>& flaws) {
    connection.each(
        "SELECT table_name, min(column_name), min(collation_name) FROM information_schema.columns "
        "WHERE table_schema = DATABASE() AND collation_name <> ? GROUP BY table_name ORDER BY table_name",
        [&](const Row& row) {
            const std::string table(row.text(0));
            flaws.push_back(
                {"table " + table,
                 "its column " + std::string(row.text(1)) + " is " + std::string(row.text(2)) + ", not " + right_collation,
                 "ALTER TABLE `" + table + "` CONVERT TO CHARACTER SET utf8mb4 COLLATE " + right_collation});
        },
        right_collation);
}

void examine_time(Connection& connection, std::vector<Flaw>& flaws) {
    if (connection.integer("SELECT TIMESTAMPDIFF(SECOND, UTC_TIMESTAMP(), NOW())") == 0) return;
    flaws.push_back({"database", "its sessions are not in UTC, so that times would be stored shifted",
                     "remove what sets time_zone for this account on the server"});
}

}  // namespace

std::vector<Flaw> examine(Database& database) {
    std::vector<Flaw> flaws;
    if (database.dialect().name != "mysql") return flaws;
    database.read([&](Connection& connection) {
        flaws.clear();  // a read that is run again begins anew
        examine_columns(connection, flaws);
        examine_time(connection, flaws);
    });
    return flaws;
}

}  // namespace app::db
