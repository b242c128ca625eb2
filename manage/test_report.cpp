#include "manage/test_report.hpp"

#include <unistd.h>

#include <algorithm>

#include "app/base/text.hpp"
#include "app/web/json.hpp"
#include "manage/table.hpp"
#include "manage/terminal.hpp"

namespace manage {

namespace {

std::string line(const TestResult& result) {
    const bool is_failed = result.state == TestResult::State::failed;
    const std::string word = is_failed ? "FAILED " : std::string(to_string(result.state)) + " ";
    const std::int64_t cases = result.cases_passed + result.cases_failed;
    const std::string count = (is_failed ? std::to_string(result.cases_failed) + " of " : "") + std::to_string(cases) +
                              (cases == 1 ? " case" : " cases");
    const Colour colour = is_failed ? Colour::red : result.state == TestResult::State::skipped ? Colour::yellow : Colour::green;
    return coloured(STDOUT_FILENO, word, colour) + " " + result.name + ": " + count + ", " + as_duration(result.duration_ms) +
           "\n" + (is_failed ? result.output + "\n" : "");
}

// JSON is UTF-8; what a test says may be anything.
std::string printable(std::string text) {
    if (app::base::is_utf8(text)) return text;
    std::ranges::replace_if(text, [](char c) { return static_cast<unsigned char>(c) > 0x7f; }, '?');
    return text;
}

}  // namespace

TestReport::TestReport(const Invocation& invocation, std::size_t programs)
    : invocation_(invocation), as_json_(invocation.has("--json")), programs_(programs), bar_("testing") {}

void TestReport::add(const TestResult& result) {
    const bool is_empty = result.state == TestResult::State::passed && result.cases_passed == 0;
    passed_ += result.cases_passed, failed_ += result.cases_failed, ++ended_;
    if (!is_empty) {
        bar_.hide();
        if (!as_json_) invocation_.print(line(result));
        results_.push_back(result);
    }
    bar_.show(static_cast<std::int64_t>(ended_), static_cast<std::int64_t>(programs_));
}

void TestReport::end() { bar_.hide(); }

std::string TestReport::how_far() const {
    return std::to_string(ended_) + " of " + std::to_string(programs_) + " programs had ended";
}

void TestReport::print(const std::vector<FolderCoverage>& coverage) const {
    as_json_ ? print_json(coverage) : print_text(coverage);
}

void TestReport::print_text(const std::vector<FolderCoverage>& coverage) const {
    std::string text;
    if (!coverage.empty()) {
        std::vector<std::vector<std::string>> rows{{"FOLDER", "LINES", "RUN", "%"}};
        for (const FolderCoverage& folder : coverage) {
            rows.push_back({folder.folder, std::to_string(folder.lines), std::to_string(folder.lines_run), folder.percent()});
        }
        text += "\n" + aligned(rows) + "\n";
    }
    invocation_.print(text + std::to_string(passed_) + " passed, " + std::to_string(failed_) + " failed\n");
}

void TestReport::print_json(const std::vector<FolderCoverage>& coverage) const {
    std::string text;
    app::web::JsonWriter json(text);
    json.begin_object();
    if (!coverage.empty()) {
        json.key("coverage").begin_array();
        for (const FolderCoverage& folder : coverage) {
            json.begin_object().field("folder", folder.folder).field("lines", folder.lines);
            json.field("lines_run", folder.lines_run).end_object();
        }
        json.end_array();
    }
    json.field("failed", failed_).field("passed", passed_).field("programs", static_cast<std::int64_t>(programs_));
    json.key("tests").begin_array();
    for (const TestResult& result : results_) {
        json.begin_object().field("duration_ms", result.duration_ms).field("failed", result.cases_failed);
        json.field("name", result.name);
        if (result.state == TestResult::State::failed) json.field("output", printable(result.output));
        json.field("passed", result.cases_passed).field("state", to_string(result.state)).end_object();
    }
    json.end_array().end_object();
    invocation_.print(text + "\n");
}

}  // namespace manage
