// The lines of a dump, each for itself.
#include "app/archive/format.hpp"

#include "tests/unit/archive/support.hpp"

namespace {

using namespace app::archive;
using app::db::Value;

constexpr Column columns[] = {{"id", Type::integer}, {"body", Type::text}, {"at", Type::time}};
constexpr Table table{"things", 1, columns};

std::string row_of(const std::vector<Value>& values) {
    std::string line;
    append_row(line, table, values);
    return line;
}

// What is read back of the line that is written for these values.
std::vector<Value> round_trip(const std::vector<Value>& values, Rows& rows) {
    std::string line = row_of(values);
    line.pop_back();
    CHECK(parse_row(line, table, rows));
    return rows.values();
}

bool reads(std::string_view line) {
    Rows rows;
    return parse_row(line, table, rows);
}

}  // namespace

TEST_CASE("A row is its values with tabs between them, each written as the format says") {
    using std::chrono::microseconds;
    CHECK(row_of({std::int64_t{-5}, std::string_view("plain"), app::base::Timestamp{microseconds{17}}}) == "-5\tplain\t17\n");
    CHECK(row_of({INT64_MIN, std::string_view("a\\b\tc\nd\re\0f", 11), nullptr}) ==
          "-9223372036854775808\ta\\\\b\\tc\\nd\\re\\0f\t\\N\n");
}

TEST_CASE("Every value comes back as it was: empty and NULL, every byte, the largest integers, times before the epoch") {
    std::string all_bytes;
    for (int byte = 0; byte < 256; ++byte) all_bytes += static_cast<char>(byte);
    for (const std::string& text : {std::string(), all_bytes, std::string("\\N"), std::string("\\."), std::string("🍵")}) {
        for (const std::int64_t number : {INT64_MIN, std::int64_t{-1}, std::int64_t{0}, INT64_MAX}) {
            const std::vector<Value> values{number, std::string_view(text), app::base::from_microseconds(number)};
            Rows rows;
            CHECK(round_trip(values, rows) == values);
        }
    }
    Rows rows;
    const std::vector<Value> nulls{nullptr, nullptr, nullptr};
    CHECK(round_trip(nulls, rows) == nulls);
}

TEST_CASE("Only what is written so is read: another way to write the same value is none") {
    CHECK(reads("1\tx\t2"));
    for (const char* line :
         {"", "1\tx", "1\tx\t2\t3", "01\tx\t2", "-0\tx\t2", "+1\tx\t2", " 1\tx\t2", "1.0\tx\t2", "\tx\t2", "1\tx\t",
          "9223372036854775808\tx\t2", "1\t\\x\t2", "1\t\\\t2", "1\ta\rb\t2", "1\t\\Nx\t2", "\\n\tx\t2"}) {
        CHECK_FALSE_MESSAGE(reads(line), line);
    }
    CHECK_FALSE(reads(std::string_view("1\ta\0b\t2", 7)));
}

TEST_CASE("The first line tells format, schema, dialect, time and tables") {
    std::string line;
    append_header(line, {12, "mysql", "2026-11-22T15:53:02.123Z"});
    std::string names;
    for (const auto& table : app::archive::tables()) names.append(names.empty() ? "" : ",").append(table.name);
    CHECK(names.starts_with("roles,users,posts,comments,"));
    CHECK(line == "dewar-dump format=1 schema=12 dialect=mysql made=2026-11-22T15:53:02.123Z tables=" + names + "\n");
    line.pop_back();
    const auto header = parse_header(line);
    REQUIRE(header);
    CHECK(header->schema == 12);
    CHECK(header->dialect == "mysql");
    CHECK(header->made == "2026-11-22T15:53:02.123Z");
    CHECK(parse_format_version("dewar-dump format=7 whatever=1") == 7);
    CHECK_FALSE(parse_format_version("-- MariaDB dump 10.19"));
    for (const char* wrong : {"dewar-dump format=1", "dewar-dump format=1 schema=x dialect=a made=b tables=c",
                              "dewar-dump format=1 schema=1 dialect=a made=b tables=c more=d"}) {
        CHECK_FALSE_MESSAGE(parse_header(wrong), wrong);
    }
}
