// What `ctest --verbose` says, as results: of each test program its cases, its time and, if it failed, its words; and the report of
// them all in JUnit's format.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace manage {

// A test of ctest: a doctest program with its cases, or something else that counts as one case.
struct TestResult {
    enum class State { passed, failed, skipped };

    std::string name;  // "unit/web", "integration/pages@mysql"
    State state = State::passed;
    std::int64_t cases_passed = 0;
    std::int64_t cases_failed = 0;  // at least 1 of one that failed: a crash or a leak is no case's
    std::int64_t duration_ms = 0;
    std::string output = {};  // all that it said, lines with an end each
};

std::string_view to_string(TestResult::State state) noexcept;

// Reads ctest's output, from the first line to the last. scripts/count_tests.awk reads the same for scripts/test, which has to count
// before there is this program: what counts is the same in both.
class ResultReader {
   public:
    // The result, when the line says that a test has ended.
    std::optional<TestResult> read(std::string_view line);

   private:
    struct Running {
        std::string output;
        std::optional<std::int64_t> cases_passed, cases_failed;
        bool has_begun = false;  // to say something of its own, after what ctest says of it
    };

    void hear(std::int64_t number, std::string_view line);

    std::map<std::int64_t, Running> running_;  // by ctest's number
};

// One document of all results. `folder` has what the doctest programs reported about their cases, each under report_name (see
// tests/main.cpp); a program without such a report, or that failed although no case did, is a case of its own.
std::string junit_report(const std::vector<TestResult>& results, const std::filesystem::path& folder);

// "unit/db@mysql" -> "test_unit_db@mysql.xml".
std::string report_name(std::string_view test);

}  // namespace manage
