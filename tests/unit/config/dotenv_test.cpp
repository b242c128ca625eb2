#include "config/dotenv.hpp"

#include "tests/unit/config/fixture.hpp"

using config::contains;
using config::message_of;
using config::parse_dotenv;

namespace {

std::string value_of(std::string_view line) {
    const auto entries = parse_dotenv(line, ".env");
    REQUIRE(entries.size() == 1);
    return entries.front().value;
}

std::string wrong(std::string_view text) {
    return message_of([&] { parse_dotenv(text, ".env"); });
}

}  // namespace

TEST_CASE("a line sets a name to a value and knows its number") {
    const auto entries = parse_dotenv("# first\n\nA=1\n  B_2=two\n", ".env");
    REQUIRE(entries.size() == 2);
    CHECK(entries[0].name == "A");
    CHECK(entries[0].value == "1");
    CHECK(entries[0].line == 3);
    CHECK(entries[1].name == "B_2");
    CHECK(entries[1].value == "two");
    CHECK(entries[1].line == 4);
}

TEST_CASE("export before a name is allowed, and is a name itself") {
    CHECK(parse_dotenv("export A=1", ".env").front().name == "A");
    CHECK(parse_dotenv("export\tA=1", ".env").front().name == "A");
    CHECK(parse_dotenv("export=1", ".env").front().name == "export");
    CHECK(parse_dotenv("exported=1", ".env").front().name == "exported");
}

TEST_CASE("equals signs belong to the value") { CHECK(value_of("A=k=v==") == "k=v=="); }

TEST_CASE("an unquoted value ends at a comment after a blank, and keeps every other #") {
    CHECK(value_of("A=one # two") == "one");
    CHECK(value_of("A=one#two") == "one#two");
    CHECK(value_of("A=#one") == "#one");
    CHECK(value_of("A=one two \t") == "one two");
}

TEST_CASE("a value may be empty") {
    CHECK(value_of("A=") == "");
    CHECK(value_of("A=   ") == "");
    CHECK(value_of("A= # nothing") == "");
    CHECK(value_of("A=''") == "");
    CHECK(value_of("A=\"\"") == "");
}

TEST_CASE("within single quotes nothing is special") { CHECK(value_of(R"(A='a # \n "$B" ' # end)") == R"(a # \n "$B" )"); }

TEST_CASE("within double quotes the five escapes are replaced") {
    CHECK(value_of(R"(A="a\n\t\"\\\$b" # end)") == "a\n\t\"\\$b");
    CHECK(value_of(R"(A="$HOME # 'x'")") == "$HOME # 'x'");
}

TEST_CASE("CRLF line ends and a byte order mark are tolerated") {
    const auto entries = parse_dotenv("\xEF\xBB\xBF"
                                      "A=1\r\n\r\nB='2'\r\n",
                                      ".env");
    REQUIRE(entries.size() == 2);
    CHECK(entries[0].value == "1");
    CHECK(entries[1].value == "2");
    CHECK(entries[1].line == 3);
}

TEST_CASE("spaces around the = are refused") {
    const std::string expected = ".env:2: no space may stand around the =";
    CHECK(wrong("A=1\nexport X = y") == expected);
    CHECK(wrong("A=1\nX =y") == expected);
    CHECK(wrong("A=1\nX= y") == expected);
    CHECK(wrong("A=1\nX= 'y'") == expected);
}

TEST_CASE("a line without = is refused without being quoted") {
    CHECK(wrong("A=1\n\nhunter2") == ".env:3: there is no =; a line is NAME=value");
    CHECK(wrong("export A") == ".env:1: there is no =; a line is NAME=value");
    CHECK(wrong("export") == ".env:1: there is no =; a line is NAME=value");
}

TEST_CASE("a bad name is refused without being quoted, as it may be the rest of a secret") {
    for (const char* line : {"2A=1", "A-B=1", "=1", "A.B=1", "c2VjcmV0+/==", "A B=1"}) {
        CAPTURE(line);
        CHECK(wrong(line) == ".env:1: the name before the = must be of letters, digits and _, and not begin with a digit");
    }
}

TEST_CASE("a quote that is not closed is refused") {
    CHECK(wrong("A='hunter2\nB='") == ".env:1: the single quote is not closed on this line");
    CHECK(wrong("A=\"hunter2\nB=\"") == ".env:1: the double quote is not closed on this line");
    CHECK(wrong(R"(A="hunter2\")") == ".env:1: the double quote is not closed on this line");
    CHECK(wrong("A=\"hunter2\\") == ".env:1: the double quote is not closed on this line");
}

TEST_CASE("something after the closing quote is refused") {
    const std::string expected = ".env:1: something follows the closing quote; a comment needs a space before its #";
    CHECK(wrong("A='x'y") == expected);
    CHECK(wrong("A=\"x\" y") == expected);
    CHECK(wrong("A='x'#y") == expected);
    CHECK(wrong("A='x''y'") == expected);
}

TEST_CASE("an unknown escape is refused") { CHECK(contains(wrong(R"(A="\r")"), ".env:1: an unknown escape")); }

TEST_CASE("a name that comes twice is refused, with both lines") {
    CHECK(wrong("A=1\nB=2\nexport A=1") == ".env:3: A is set already, on line 1");
}
