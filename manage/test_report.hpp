// What `manage test` tells: a line of each program that has ended, a bar meanwhile on a terminal, and the sum; or all of it as JSON.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "manage/command.hpp"
#include "manage/coverage.hpp"
#include "manage/progress_bar.hpp"
#include "manage/test_results.hpp"

namespace manage {

// For one thread. What it prints throws what Invocation::print throws.
class TestReport {
   public:
    // `invocation`, which outlives it, says whether it is --json; so many programs are going to be run.
    TestReport(const Invocation& invocation, std::size_t programs);

    // A program without a case that fits -k has nothing to tell.
    void add(const TestResult& result);

    // Nothing more is coming: takes the bar away.
    void end();

    bool has_results() const noexcept { return !results_.empty(); }
    std::int64_t failed() const noexcept { return failed_; }  // cases
    const std::vector<TestResult>& results() const noexcept { return results_; }
    std::string how_far() const;  // "3 of 5 programs had ended"
    bool is_complete() const noexcept { return ended_ == programs_; }

    // The sum, whose last line as text is "N passed, N failed"; before it the coverage, if it was measured.
    void print(const std::vector<FolderCoverage>& coverage) const;

   private:
    void print_text(const std::vector<FolderCoverage>& coverage) const;
    void print_json(const std::vector<FolderCoverage>& coverage) const;

    const Invocation& invocation_;
    bool as_json_;
    std::size_t programs_, ended_ = 0;
    std::int64_t passed_ = 0, failed_ = 0;
    std::vector<TestResult> results_;
    ProgressBar bar_;
};

}  // namespace manage
