#include "manage/identifier.hpp"

#include <doctest/doctest.h>

#include "tests/support/checks.hpp"

using tests::contains;

TEST_CASE("a name in snake_case is an identifier") {
    for (const char* name : {"a", "shop", "line_item", "v2", "a_1_b", "id"}) {
        CAPTURE(name);
        CHECK_FALSE(tests::error_of([&] { manage::check_identifier("a name", name); }));
    }
}

TEST_CASE("anything else is refused with an example") {
    for (const char* name : {"", "Shop", "9lives", "_shop", "shop_", "line__item", "line-item", "a.b", "../x", "a b",
                             "caf\xc3\xa9", "a_name_that_has_more_than_32_bytes"}) {
        CAPTURE(name);
        const auto error = tests::error_of([&] { manage::check_identifier("a blueprint's name", name); });
        REQUIRE(error);
        CHECK(error->message().starts_with("a blueprint's name is made of a-z, 0-9 and single _"));
    }
}

TEST_CASE("words of C++, of SQL and of the code around are refused") {
    const auto message = [](const char* name) {
        const auto error = tests::error_of([&] { manage::check_column("a field's name", name); });
        return error ? error->message() : "";
    };
    CHECK(message("class") == "a field's name cannot be class, which is a word of C++");
    CHECK(message("order") == "a field's name cannot be order, which is a word of SQL");
    CHECK(contains(message("std"), "which the code uses for itself"));
    CHECK(contains(message("id"), "which the code of models uses for itself"));
    CHECK(message("price") == "");
    CHECK_FALSE(tests::error_of([] { manage::check_identifier("a name", "order"); }));
}

TEST_CASE("names of types, commands and tables follow from a name") {
    CHECK(manage::pascal_case("line_item") == "LineItem");
    CHECK(manage::pascal_case("v2_a") == "V2A");
    CHECK(manage::with_hyphens("send_all_mail") == "send-all-mail");
    CHECK(manage::plural("post") == "posts");
    CHECK(manage::plural("category") == "categories");
    CHECK(manage::plural("day") == "days");
    CHECK(manage::plural("box") == "boxes");
    CHECK(manage::plural("branch") == "branches");
}
