#include "manage/test_results.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "app/base/file.hpp"
#include "app/base/text.hpp"

namespace manage {

namespace {

using app::base::parse_integer;
using app::base::trim;

constexpr std::string_view cases_line = "[doctest] test cases:";
constexpr std::string_view preamble[] = {
    "Test command:", "Working Directory:", "Environment variables:", "Test timeout computed to be:"};

// Takes a number from the front of the text, after blanks.
std::optional<std::int64_t> take_number(std::string_view& text) {
    text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
    const std::size_t end = std::min(text.find_first_not_of("0123456789"), text.size());
    const auto number = parse_integer(text.substr(0, end));
    if (number) text.remove_prefix(end);
    return number;
}

bool take(std::string_view& text, std::string_view begin) {
    if (!text.starts_with(begin)) return false;
    text.remove_prefix(begin.size());
    return true;
}

// The number in the middle of "Passed    0.01 sec".
std::int64_t duration_ms(std::string_view text) {
    const std::size_t end = text.rfind(" sec");
    if (end == std::string_view::npos) return 0;
    const std::size_t begin = text.rfind(' ', end - 1);
    const auto pieces = app::base::split(text.substr(begin + 1, end - begin - 1), '.');
    const std::int64_t hundredths = pieces.size() > 1 ? parse_integer(pieces[1]).value_or(0) : 0;
    return parse_integer(pieces[0]).value_or(0) * 1000 + hundredths * 10;
}

std::string seconds(std::int64_t milliseconds) {
    const std::string fraction = std::to_string(milliseconds % 1000);
    return std::to_string(milliseconds / 1000) + "." + std::string(3 - fraction.size(), '0') + fraction;
}

// For XML: escaped, and without the characters that XML cannot carry.
std::string as_xml(std::string_view text) {
    std::string clean;
    for (const char c : text) clean += static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\t' ? '?' : c;
    if (!app::base::is_utf8(clean))
        std::ranges::replace_if(clean, [](char c) { return static_cast<unsigned char>(c) > 0x7f; }, '?');
    return app::base::escape_html(clean);
}

// The <testcase> elements of a program's report.
std::string cases_of_report(const std::filesystem::path& path) {
    const std::string text = app::base::find_file(path).value_or("");
    const std::size_t begin = text.find("<testcase "), end = text.rfind("</testsuite>");
    return begin == std::string::npos || end == std::string::npos ? "" : std::string(trim(text.substr(begin, end - begin)));
}

std::string own_case(const TestResult& result) {
    const std::string name = as_xml(result.name);
    const std::string head =
        "<testcase classname=\"" + name + "\" name=\"" + name + "\" time=\"" + seconds(result.duration_ms) + "\"";
    switch (result.state) {
        case TestResult::State::passed: return head + "/>";
        case TestResult::State::skipped: return head + "><skipped/></testcase>";
        case TestResult::State::failed: break;
    }
    return head + "><failure message=\"failed\">" + as_xml(result.output) + "</failure></testcase>";
}

std::int64_t count(std::string_view text, std::string_view part) {
    std::int64_t found = 0;
    for (std::size_t at = 0; (at = text.find(part, at)) != std::string_view::npos; at += part.size()) ++found;
    return found;
}

}  // namespace

std::string_view to_string(TestResult::State state) noexcept {
    switch (state) {
        case TestResult::State::passed: return "passed";
        case TestResult::State::failed: return "failed";
        case TestResult::State::skipped: break;
    }
    return "skipped";
}

// "7: what test 7 said", or " 3/12 Test  #7: unit/db ....   Passed    0.01 sec".
std::optional<TestResult> ResultReader::read(std::string_view line) {
    const auto first = take_number(line);
    if (!first) return std::nullopt;
    if (take(line, ": ")) {
        hear(*first, line);
        return std::nullopt;
    }
    if (!take(line, "/") || !take_number(line) || !take(line, " Test")) return std::nullopt;
    line.remove_prefix(std::min(line.find('#'), line.size()));
    if (!take(line, "#")) return std::nullopt;
    const auto number = take_number(line);
    if (!number || !take(line, ": ")) return std::nullopt;

    const Running said = std::exchange(running_[*number], {});
    TestResult result{
        .name = std::string(line.substr(0, line.find(' '))), .duration_ms = duration_ms(line), .output = said.output};
    const bool is_skipped = line.find("***Skipped") != line.npos || line.find("***Not Run (Disabled)") != line.npos;
    const bool is_passed = line.find(" Passed ") != line.npos;
    if (is_skipped) {
        result.state = TestResult::State::skipped;
        return result;
    }
    result.cases_passed = said.cases_passed.value_or(is_passed ? 1 : 0);
    result.cases_failed = said.cases_failed.value_or(0);
    if (!is_passed && result.cases_failed == 0) result.cases_failed = 1;
    if (result.cases_failed > 0) result.state = TestResult::State::failed;
    if (!is_passed && result.output.empty()) result.output = std::string(line) + "\n";
    return result;
}

void ResultReader::hear(std::int64_t number, std::string_view line) {
    Running& test = running_[number];
    if (!test.has_begun) {
        const auto is_prefix = [&](std::string_view words) { return line.starts_with(words); };
        if (line.empty() || line.starts_with(' ') || std::ranges::any_of(preamble, is_prefix)) return;
        test.has_begun = true;
    }
    test.output.append(line).append("\n");
    if (!line.starts_with(cases_line)) return;
    line.remove_prefix(cases_line.size());  // "  3 |  1 passed | 2 failed | 0 skipped"
    take_number(line);
    take(line, " |");
    test.cases_passed = take_number(line);
    take(line, " passed |");
    test.cases_failed = take_number(line);
}

std::string report_name(std::string_view test) {
    std::string name = "test_" + std::string(test) + ".xml";
    std::ranges::replace(name, '/', '_');
    return name;
}

std::string junit_report(const std::vector<TestResult>& results, const std::filesystem::path& folder) {
    std::string suites;
    std::int64_t tests = 0, failures = 0, errors = 0, skipped = 0, total_ms = 0;
    for (const TestResult& result : results) {
        std::string cases = cases_of_report(folder / report_name(result.name));
        const bool tells_failure = count(cases, "<failure") + count(cases, "<error") > 0;
        if (cases.empty() || (result.state == TestResult::State::failed && !tells_failure)) {
            cases += (cases.empty() ? "" : "\n") + own_case(result);
        }
        const std::int64_t counts[] = {count(cases, "<testcase "), count(cases, "<failure"), count(cases, "<error"),
                                       count(cases, "<skipped")};
        suites += "  <testsuite name=\"" + as_xml(result.name) + "\" tests=\"" + std::to_string(counts[0]) + "\" failures=\"" +
                  std::to_string(counts[1]) + "\" errors=\"" + std::to_string(counts[2]) + "\" skipped=\"" +
                  std::to_string(counts[3]) + "\" time=\"" + seconds(result.duration_ms) + "\">\n    " + cases +
                  "\n  </testsuite>\n";
        tests += counts[0], failures += counts[1], errors += counts[2], skipped += counts[3];
        total_ms += result.duration_ms;
    }
    return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"dewar\" tests=\"" + std::to_string(tests) +
           "\" failures=\"" + std::to_string(failures) + "\" errors=\"" + std::to_string(errors) + "\" skipped=\"" +
           std::to_string(skipped) + "\" time=\"" + seconds(total_ms) + "\">\n" + suites + "</testsuites>\n";
}

}  // namespace manage
