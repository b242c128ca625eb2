#include "manage/test_results.hpp"

#include <doctest/doctest.h>

#include "app/base/text.hpp"
#include "tests/support/checks.hpp"
#include "tests/support/folder.hpp"

namespace {

using manage::ResultReader;
using manage::TestResult;
using tests::contains;

std::vector<TestResult> read(std::string_view output) {
    ResultReader reader;
    std::vector<TestResult> results;
    for (const std::string_view line : app::base::split(output, '\n')) {
        if (auto result = reader.read(line)) results.push_back(*std::move(result));
    }
    return results;
}

}  // namespace

TEST_CASE("a program's cases are counted, whatever else ctest and the program say") {
    const auto results = read("test 7\n"
                              "      Start  7: unit/db@mysql\n\n"
                              "7: Test command: /x/test_unit_db\n"
                              "7: Working Directory: /x\n"
                              "7: Environment variables: \n"
                              "7:  DEWAR_TEST_BACKEND=mysql\n"
                              "7: Test timeout computed to be: 300\n"
                              "7: [doctest] test cases:  3 |  1 passed | 2 failed | 4 skipped\n"
                              " 1/12 Test  #7: unit/db@mysql ....................***Failed    2.31 sec\n");
    REQUIRE(results.size() == 1);
    CHECK(results[0].name == "unit/db@mysql");
    CHECK(results[0].state == TestResult::State::failed);
    CHECK(results[0].cases_passed == 1);
    CHECK(results[0].cases_failed == 2);
    CHECK(results[0].duration_ms == 2310);
    CHECK(results[0].output == "[doctest] test cases:  3 |  1 passed | 2 failed | 4 skipped\n");
}

TEST_CASE("programs at the same time are told apart by their numbers") {
    const auto results = read("1: first\n2: second\n1: again\n"
                              "1/2 Test #1: scripts/one ....***Failed    0.01 sec\n"
                              "2/2 Test #2: scripts/two ....   Passed    0.02 sec\n");
    REQUIRE(results.size() == 2);
    CHECK(results[0].output == "first\nagain\n");
    CHECK(results[0].cases_failed == 1);
    CHECK(results[1].cases_passed == 1);
    CHECK(results[1].state == TestResult::State::passed);
}

TEST_CASE("a leak, a crash, a timeout and a missing program count one failure each") {
    for (const char* how :
         {"***Failed    0.02 sec", "***Exception: SegFault  0.02 sec", "***Timeout 300.02 sec", "***Not Run   0.00 sec"}) {
        CAPTURE(how);
        const auto results = read("2: [doctest] test cases:  5 |  5 passed | 0 failed | 0 skipped\n2/4 Test  #2: unit/db ....." +
                                  std::string(how));
        REQUIRE(results.size() == 1);
        CHECK(results[0].state == TestResult::State::failed);
        CHECK(results[0].cases_passed == 5);
        CHECK(results[0].cases_failed == 1);
    }
}

TEST_CASE("a skipped test counts nothing") {
    const auto results = read("3/3 Test #3: scripts/other ............***Skipped   0.00 sec");
    REQUIRE(results.size() == 1);
    CHECK(results[0].state == TestResult::State::skipped);
    CHECK(results[0].cases_passed + results[0].cases_failed == 0);
}

TEST_CASE("what tests say themselves is no result") {
    CHECK(read("7: 3/12 Test  #7: unit/db .... Passed 0.01 sec").empty());
    CHECK(read("100% tests passed, 0 tests failed out of 3").empty());
    CHECK(read("3/12\n1/\n1/2 Test\n1/2 Test #\n1/2 Test #x\n").empty());
}

TEST_CASE("the JUnit report has the cases of programs that reported them, and a case for each other") {
    const tests::TemporaryFolder folder;
    tests::write_text(folder / "test_unit_db.xml", "<?xml version=\"1.0\"?>\n<testsuites>\n<testsuite name=\"x\" tests=\"90\">\n"
                                                   "<testcase name=\"one\"/>\n<testcase name=\"two\"><failure/></testcase>\n"
                                                   "</testsuite>\n</testsuites>\n");
    const std::string report =
        manage::junit_report({{.name = "unit/db", .state = TestResult::State::failed, .duration_ms = 1005},
                              {.name = "scripts/run", .duration_ms = 20},
                              {.name = "scripts/bad", .state = TestResult::State::failed, .output = "1 < 2 \x1b\xff"}},
                             folder.path());
    CHECK(
        report.starts_with("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"dewar\" tests=\"4\" failures=\"2\" "));
    CHECK(contains(report, "<testsuite name=\"unit/db\" tests=\"2\" failures=\"1\" errors=\"0\" skipped=\"0\" time=\"1.005\">"));
    CHECK(contains(report, "<testcase classname=\"scripts/run\" name=\"scripts/run\" time=\"0.020\"/>"));
    CHECK(contains(report, "<failure message=\"failed\">1 &lt; 2 ?"
                           "?</failure>"));
}

TEST_CASE("a program that failed although all its cases passed is a failure of the JUnit report") {
    const tests::TemporaryFolder folder;
    tests::write_text(folder / "test_unit_db@mysql.xml", "<testsuite><testcase name=\"one\"/></testsuite>");
    const std::string report =
        manage::junit_report({{.name = "unit/db@mysql", .state = TestResult::State::failed, .output = "leak"}}, folder.path());
    CHECK(contains(report, "tests=\"2\" failures=\"1\""));
    CHECK(contains(report, "<failure message=\"failed\">leak</failure>"));
}
