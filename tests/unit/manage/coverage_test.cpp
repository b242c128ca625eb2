#include "manage/coverage.hpp"

#include <doctest/doctest.h>

#include "app/base/error.hpp"
#include "tests/support/checks.hpp"

TEST_CASE("gcovr's summary is added up by folder, and in all") {
    const auto folders = manage::read_coverage(
        R"({"files": [{"filename": "app/web/a.cpp", "line_total": 10, "line_covered": 9},
                      {"filename": "app/web/b.cpp", "line_total": 20, "line_covered": 0},
                      {"filename": "app/app.cpp", "line_total": 3, "line_covered": 3}]})");
    REQUIRE(folders.size() == 3);
    CHECK(folders[0].folder == "app");
    CHECK(folders[0].percent() == "100.0");
    CHECK(folders[1].folder == "app/web");
    CHECK(folders[1].lines == 30);
    CHECK(folders[1].lines_run == 9);
    CHECK(folders[1].percent() == "30.0");
    CHECK(folders[2].folder == "all");
    CHECK(folders[2].percent() == "36.3");
}

TEST_CASE("another document is refused") {
    for (const char* text :
         {"{}", R"({"files": 1})", R"({"files": [{}]})", R"({"files": [{"filename": "x", "line_total": "1"}]})", "x"}) {
        CAPTURE(text);
        const auto error = tests::error_of([&] { manage::read_coverage(text); });
        REQUIRE(error);
        CHECK(error->code() == app::base::Code::invalid);
    }
}
