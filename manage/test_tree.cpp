#include "manage/test_tree.hpp"

#include <unistd.h>

#include <algorithm>
#include <deque>
#include <fstream>
#include <iterator>
#include <set>

#include "app/base/error.hpp"
#include "app/base/text.hpp"
#include "app/web/json.hpp"
#include "manage/progress_bar.hpp"
#include "manage/terminal.hpp"

namespace manage {

namespace fs = std::filesystem;

namespace {

using app::base::Code;
using app::base::Error;
using app::web::Value;

constexpr std::size_t excerpt_lines = 40, excerpt_columns = 400;
constexpr std::string_view our_variables = "DEWAR_TEST_";  // of the run that started this one, if a test did

// "[12/340] Building ..." of ninja.
void show_progress(ProgressBar& bar, std::string_view line) {
    const std::size_t slash = line.find('/'), end = line.find(']');
    if (!line.starts_with('[') || slash == line.npos || end == line.npos || slash > end) return;
    const auto done = app::base::parse_integer(line.substr(1, slash - 1));
    const auto total = app::base::parse_integer(line.substr(slash + 1, end - slash - 1));
    if (done && total) bar.show(*done, *total);
}

// Whether the build folder is not this checkout's, but was copied or moved here.
bool is_strange(const fs::path& build, const fs::path& checkout) {
    std::ifstream cache(build / "CMakeCache.txt");
    const std::string home = "CMAKE_HOME_DIRECTORY:INTERNAL=";
    for (std::string line; std::getline(cache, line);) {
        if (line.starts_with(home)) return line.substr(home.size()) != checkout.string();
    }
    return false;
}

std::vector<std::string> strings(const Value::List* list) {
    std::vector<std::string> texts;
    if (list == nullptr) return texts;
    for (const Value& item : *list) {
        if (item.string() != nullptr) texts.push_back(*item.string());
    }
    return texts;
}

std::vector<std::string> labels_of(const Value& test) {
    const Value::List* properties = test.find_list("properties");
    if (properties == nullptr) return {};
    for (const Value& property : *properties) {
        const std::string* name = property.find_string("name");
        if (name != nullptr && *name == "LABELS") return strings(property.find_list("value"));
    }
    return {};
}

// unit/db and unit/db@mysql are built by test_unit_db, fuzz/xml by fuzz_xml; a script needs no building.
std::string target_of(const std::string& test, const std::set<std::string>& targets) {
    std::string name = test.substr(0, test.find('@'));
    std::ranges::replace(name, '/', '_');
    for (const std::string& target : {"test_" + name, name}) {
        if (targets.contains(target)) return target;
    }
    return "";
}

// A regular expression of ctest for these names and no others.
std::string expression(const std::vector<TestProgram>& programs) {
    std::string text;
    for (const TestProgram& program : programs) {
        text += text.empty() ? "^(" : "|";
        for (const char c : program.name) {
            if (std::string_view("\\^$.|?*+()[]{}").find(c) != std::string_view::npos) text += '\\';
            text += c;
        }
    }
    return text + ")$";
}

}  // namespace

std::string excerpt(std::string_view text) {
    std::deque<std::string_view> lines;
    const std::size_t failed = text.starts_with("FAILED: ") ? 0 : text.find("\nFAILED: ");
    const bool is_build = failed != text.npos;
    std::size_t number = 0;
    for (const std::string_view line : app::base::split(is_build ? text.substr(failed == 0 ? 0 : failed + 1) : text, '\n')) {
        if (is_build && (++number == 2 || lines.size() == excerpt_lines)) continue;
        lines.push_back(line.substr(0, excerpt_columns));
        if (lines.size() > excerpt_lines) lines.pop_front();
    }
    std::string words;
    for (const std::string_view line : lines) words.append(line).append("\n");
    return words;
}

bool TestProgram::has(std::string_view label) const { return std::ranges::find(labels, label) != labels.end(); }

TestTree::TestTree(fs::path checkout, std::string preset, int jobs, const HeldSignals& held)
    : checkout_(std::move(checkout)),
      preset_(std::move(preset)),
      build_(checkout_ / "build" / preset_),
      jobs_(std::to_string(jobs)),
      held_(held) {}

void TestTree::configure() {
    std::vector<std::string> arguments{"cmake", "--preset", preset_};
    if (is_strange(build_, checkout_)) arguments.emplace_back("--fresh");
    step("configuring", std::move(arguments));
}

std::vector<TestProgram> TestTree::programs() {
    std::set<std::string> targets;
    const std::string ninja = step("listing", {"ninja", "-C", build_.string(), "-t", "targets", "all"});
    for (const std::string_view line : app::base::split(ninja, '\n')) {
        if (line.ends_with(": phony")) targets.emplace(line.substr(0, line.find(':')));
    }
    const std::string text = step("listing", {"ctest", "--preset", preset_, "--show-only=json-v1"});
    const Value document = app::web::parse_json(text);
    std::vector<TestProgram> programs;
    const Value::List* tests = document.find_list("tests");
    if (tests == nullptr) return programs;
    for (const Value& test : *tests) {
        const std::string* name = test.find_string("name");
        if (name == nullptr) continue;
        programs.push_back({*name, labels_of(test), target_of(*name, targets)});
    }
    return programs;
}

void TestTree::build(const std::vector<TestProgram>& programs) {
    std::set<std::string> targets;
    for (const TestProgram& program : programs) {
        if (!program.target.empty()) targets.insert(program.target);
    }
    if (targets.empty()) return;
    std::vector<std::string> arguments{"cmake", "--build", build_.string(), "--parallel", jobs_, "--target"};
    arguments.insert(arguments.end(), targets.begin(), targets.end());
    step("building", std::move(arguments));
}

std::vector<std::string> TestTree::cases(const TestProgram& program, const TestOptions& options) {
    const std::string text = step("listing", {"ctest", "--preset", preset_, "--show-only=json-v1", "-R", expression({program})});
    const Value document = app::web::parse_json(text);
    std::vector<std::string> arguments = strings(document.find_list("tests")->front().find_list("command"));
    if (arguments.empty()) throw Error(Code::unavailable, program.name + " was not built");
    arguments.emplace_back("--list-test-cases");
    const std::string listing = step("listing", std::move(arguments), test_environment(options));
    std::vector<std::string> names;
    bool is_inside = false;  // between the two lines of ====
    for (const std::string_view line : app::base::split(listing, '\n')) {
        if (line.starts_with("====")) {
            is_inside = !is_inside;
        } else if (is_inside) {
            names.emplace_back(line);
        }
    }
    return names;
}

void TestTree::run(const std::vector<TestProgram>& programs, const TestOptions& options,
                   app::base::FunctionRef<void(const TestResult&)> on_result) {
    std::vector<std::string> arguments{"ctest", "--preset",         preset_, "--verbose",         "--parallel",
                                       jobs_,   "--no-tests=error", "-R",    expression(programs)};
    if (options.failfast) arguments.emplace_back("--stop-on-failure");
    const fs::path log = checkout_ / "build/log" / (preset_ + "-test.log");
    fs::create_directories(log.parent_path());
    std::ofstream file(log);
    ResultReader reader;
    std::string said;
    bool has_result = false;
    const Child child{std::move(arguments), checkout_, test_environment(options)};
    const int code = run_child(child, held_, [&](std::string_view line) {
        file << line << '\n';
        if (!has_result) said.append(line).append("\n");
        if (const auto result = reader.read(line)) on_result(*result), has_result = true;
    });
    if (code == 0 || has_result) return;
    write_all(STDERR_FILENO, excerpt(said));
    throw Error(Code::unavailable, "ctest failed before a test ended; the whole log: " + log.string());
}

std::string TestTree::step(const std::string& doing, std::vector<std::string> arguments, std::vector<std::string> environment) {
    const fs::path log = checkout_ / "build/log" / (preset_ + "-" + doing + ".log");
    fs::create_directories(log.parent_path());
    std::string said;
    int code = 0;
    {
        ProgressBar bar(doing + " build/" + preset_);
        const Child child{arguments, checkout_, environment.empty() ? test_environment({}) : std::move(environment)};
        code = run_child(child, held_, [&](std::string_view line) {
            said.append(line).append("\n");
            show_progress(bar, line);
        });
    }
    std::ofstream(log) << said;
    if (code == 0) return said;
    write_all(STDERR_FILENO, excerpt(said));
    throw Error(Code::unavailable, doing + " build/" + preset_ + " failed: " + arguments.front() + " ended with " +
                                       std::to_string(code) + "; the whole log: " + log.string());
}

// That of this program, and what the test programs are told.
std::vector<std::string> TestTree::test_environment(const TestOptions& options) const {
    std::vector<std::string> variables;
    for (char** entry = environ; *entry != nullptr; ++entry) {
        const std::string_view variable = *entry;
        if (!variable.starts_with(our_variables)) variables.emplace_back(variable);
    }
    if (!options.cases.empty()) {
        std::string filter = options.cases;
        std::ranges::replace_if(filter, [](char c) { return c == ',' || c == '*' || c == '\\'; }, '?');  // doctest's own signs
        variables.push_back("DEWAR_TEST_CASES=*" + filter + "*");
    }
    if (options.failfast) variables.emplace_back("DEWAR_TEST_FAILFAST=1");
    if (!options.reports.empty()) variables.push_back("DEWAR_TEST_REPORTS=" + options.reports.string());
    return variables;
}

}  // namespace manage
