// A checkout's build folder as far as its tests need it: configured by one of CMakePresets.json's presets, built target by target,
// and its tests run by ctest. What each step said is kept in build/log.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "manage/child.hpp"
#include "manage/test_results.hpp"

namespace manage {

// What is worth showing of what a step said that failed: of a build the errors from the first one on, without the command line that
// failed; of anything else the last lines.
std::string excerpt(std::string_view text);

// A test of ctest.
struct TestProgram {
    std::string name;                 // "unit/web", "integration/pages@mysql", "compile_fail/rule_query"
    std::vector<std::string> labels;  // "unit", "integration", "mariadb", "concurrent" ...
    std::string target;               // what builds it; empty: nothing needs to be built

    bool has(std::string_view label) const;
    // Whether it knows cases (see tests/main.cpp), and does not count as one itself.
    bool has_cases() const { return target.starts_with("test_"); }
};

// What the programs are told; see tests/main.cpp.
struct TestOptions {
    std::string cases = {};              // only those whose names contain this, in any case of letters; empty: all
    bool failfast = false;               // stop at the first failure
    std::filesystem::path reports = {};  // the folder for reports in JUnit's format; empty: none are written
};

// Each function throws Interrupted, and unavailable when its step fails, after the end of what that step said went to standard
// error. For one thread.
class TestTree {
   public:
    // `preset` is that of configuring and of testing, and the name of the build folder. `held` outlives the tree.
    TestTree(std::filesystem::path checkout, std::string preset, int jobs, const HeldSignals& held);

    const std::filesystem::path& build_folder() const noexcept { return build_; }
    const std::filesystem::path& checkout() const noexcept { return checkout_; }

    // Makes the build folder; one that came from elsewhere is made anew.
    void configure();

    // All that this preset runs, in ctest's order.
    std::vector<TestProgram> programs();

    void build(const std::vector<TestProgram>& programs);

    // The names of a built program's cases that fit the options.
    std::vector<std::string> cases(const TestProgram& program, const TestOptions& options);

    // Runs them, as many at a time as there are jobs, and hands each result on when it is there. With failfast nothing is started
    // after the first that failed. Without any result ctest itself has failed, and unavailable is thrown.
    void run(const std::vector<TestProgram>& programs, const TestOptions& options,
             app::base::FunctionRef<void(const TestResult&)> on_result);

    // Runs a program in the checkout and returns what it said. `doing` is a word for the bar and the error: "measuring".
    std::string step(const std::string& doing, std::vector<std::string> arguments, std::vector<std::string> environment = {});

   private:
    std::vector<std::string> test_environment(const TestOptions& options) const;

    std::filesystem::path checkout_;
    std::string preset_;
    std::filesystem::path build_;
    std::string jobs_;
    const HeldSignals& held_;
};

}  // namespace manage
