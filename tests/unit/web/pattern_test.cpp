#include "app/web/pattern.hpp"

#include <doctest/doctest.h>

using namespace app::web;

TEST_CASE("a rule is parsed into literals and variables") {
    constexpr Pattern pattern = parse_pattern("/users/<string:name>/posts/<int:id>/<path:rest>");
    REQUIRE(pattern.segment_count == 5);
    CHECK(pattern.variable_count == 3);
    CHECK(pattern.segments[0].converter == Converter::literal);
    CHECK(pattern.segments[0].text == "users");
    CHECK(pattern.variable(0).converter == Converter::string);
    CHECK(pattern.variable(0).text == "name");
    CHECK(pattern.variable(1).converter == Converter::integer);
    CHECK(pattern.variable(1).text == "id");
    CHECK(pattern.variable(2).converter == Converter::path);
    CHECK(pattern.variable(2).text == "rest");
    CHECK_FALSE(pattern.trailing_slash);
}

TEST_CASE("a variable without a converter is a string") {
    CHECK(parse_pattern("/<name>").variable(0).converter == Converter::string);
    CHECK(parse_pattern("/<n>").variable(0).text == "n");
}

TEST_CASE("the root has no segments and a trailing slash") {
    constexpr Pattern root = parse_pattern("/");
    CHECK(root.segment_count == 0);
    CHECK(root.trailing_slash);
}

TEST_CASE("a slash at the end belongs to the rule") {
    CHECK(parse_pattern("/posts/").trailing_slash);
    CHECK(parse_pattern("/posts/").segment_count == 1);
    CHECK_FALSE(parse_pattern("/posts").trailing_slash);
}

TEST_CASE("has_variable knows variables and not literals") {
    constexpr Pattern pattern = parse_pattern("/posts/<int:id>");
    CHECK(pattern.has_variable("id"));
    CHECK_FALSE(pattern.has_variable("posts"));
    CHECK_FALSE(pattern.has_variable("i"));
}

TEST_CASE("a rule has up to 12 segments and 4 variables") {
    CHECK(parse_pattern("/1/2/3/4/5/6/7/8/9/10/11/12/").segment_count == 12);
    CHECK(parse_pattern("/<a>/<b>/<c>/<d>").variable_count == 4);
    CHECK_THROWS_WITH(parse_pattern("/1/2/3/4/5/6/7/8/9/10/11/12/13"), "rule: it has more than 12 segments");
    CHECK_THROWS_WITH(parse_pattern("/<a>/<b>/<c>/<d>/<e>"), "rule: it has more than 4 variables");
}

TEST_CASE("each mistake in a rule is told in words") {  // that they do not compile is shown in tests/compile_fail
    CHECK_THROWS_WITH(parse_pattern(""), "rule: it starts with '/'");
    CHECK_THROWS_WITH(parse_pattern("posts"), "rule: it starts with '/'");
    CHECK_THROWS_WITH(parse_pattern("//"), "rule: '//' is no segment");
    CHECK_THROWS_WITH(parse_pattern("/a//b"), "rule: '//' is no segment");
    CHECK_THROWS_WITH(parse_pattern("/post-<id>"), "rule: a variable is a whole segment, as in /posts/<int:id>");
    CHECK_THROWS_WITH(parse_pattern("/<>"), "rule: a variable is a whole segment, as in /posts/<int:id>");
    CHECK_THROWS_WITH(parse_pattern("/<int:id"), "rule: a variable is a whole segment, as in /posts/<int:id>");
    CHECK_THROWS_WITH(parse_pattern("/a b"), "rule: a literal segment holds no blanks, '?', '#', '%' or '\\'");
    CHECK_THROWS_WITH(parse_pattern("/a?b"), "rule: a literal segment holds no blanks, '?', '#', '%' or '\\'");
    CHECK_THROWS_WITH(parse_pattern("/a%20b"), "rule: a literal segment holds no blanks, '?', '#', '%' or '\\'");
    CHECK_THROWS_WITH(parse_pattern("/\xc3\xa9"), "rule: a literal segment holds no blanks, '?', '#', '%' or '\\'");
    CHECK_THROWS_WITH(parse_pattern("/a/../b"), "rule: '.' and '..' are no segments");
    CHECK_THROWS_WITH(parse_pattern("/./b"), "rule: '.' and '..' are no segments");
    CHECK_THROWS_WITH(parse_pattern("/<float:x>"), "rule: the converters are string, int and path");
    CHECK_THROWS_WITH(parse_pattern("/<:x>"), "rule: the converters are string, int and path");
    CHECK_THROWS_WITH(parse_pattern("/<int:>"), "rule: a variable needs a name of letters, digits and '_'");
    CHECK_THROWS_WITH(parse_pattern("/<int:1st>"), "rule: a variable needs a name of letters, digits and '_'");
    CHECK_THROWS_WITH(parse_pattern("/<post-id>"), "rule: a variable needs a name of letters, digits and '_'");
    CHECK_THROWS_WITH(parse_pattern("/<id>/<int:id>"), "rule: a variable's name occurs twice");
    CHECK_THROWS_WITH(parse_pattern("/<path:p>/x"), "rule: a path variable is the last segment");
    CHECK_THROWS_WITH(parse_pattern("/<path:p>/"), "rule: a path variable takes the trailing slash itself");
}
