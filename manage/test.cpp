// `manage test`: a developer's way to the tests of the checkout at hand: one preset, the programs and cases of interest, as often as
// one likes. scripts/test is the other way, from a bare machine to all tests with all sanitizers, and has to work before there is
// this program; both leave building to CMakePresets.json and running to ctest, and count alike (see test_results.hpp).
#include <sys/personality.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <thread>

#include "app/base/error.hpp"
#include "app/base/nearest.hpp"
#include "app/base/new_file.hpp"
#include "app/base/text.hpp"
#include "app/web/json.hpp"
#include "manage/checkout.hpp"
#include "manage/commands.hpp"
#include "manage/coverage.hpp"
#include "manage/terminal.hpp"
#include "manage/test_report.hpp"
#include "manage/test_tree.hpp"

namespace manage {

namespace fs = std::filesystem;

namespace {

using app::web::JsonWriter;
using Programs = std::vector<TestProgram>;

constexpr std::int64_t jobs_max = 1024;

fs::path get_checkout() {
    auto checkout = find_checkout(fs::current_path());
    if (!checkout) checkout = find_checkout(program_folder());
    if (checkout && fs::exists(*checkout / "tests/CMakeLists.txt")) return *checkout;
    throw UsageError(
        "test: there are no tests here: neither this folder nor this program is in a checkout of Dewar's sources; go "
        "to one");
}

int jobs(const Invocation& invocation) {
    const auto text = invocation.find("--jobs");
    if (!text) return static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
    const auto number = app::base::parse_integer(*text);
    if (number && *number >= 1 && *number <= jobs_max) return static_cast<int>(*number);
    throw UsageError("test: --jobs is a number from 1 to " + std::to_string(jobs_max) + ", not " + *text);
}

// Refuses at once what would be told after a long build.
void check_options(const Invocation& invocation) {
    const auto refuse_both = [&](const char* one, const char* other) {
        if (invocation.has(one) && invocation.has(other)) {
            throw UsageError("test: " + std::string(one) + " and " + other + " exclude each other; leave one out");
        }
    };
    refuse_both("--unit", "--integration");
    refuse_both("--coverage", "--sanitize");
    for (const char* option : {"--coverage", "--junit", "--failfast"}) refuse_both("--list", option);
    const fs::path folder = fs::path(invocation.find("--junit").value_or("")).parent_path();
    if (!folder.empty() && !fs::is_directory(folder)) {
        throw UsageError("test: --junit: there is no folder " + folder.string() + "; make it first");
    }
}

std::string preset(const Invocation& invocation) {
    if (invocation.has("--coverage")) return "coverage";
    const auto sanitizer = invocation.find("--sanitize");
    return !sanitizer ? "dev" : *sanitizer == "address" ? "asan" : "tsan";
}

bool contains(const std::string& text, const std::string& part) {
    return app::base::to_lower_ascii(text).find(app::base::to_lower_ascii(part)) != std::string::npos;
}

// Those of that name, on each backend; if there are none, those whose names contain it.
Programs named(const Programs& programs, const std::string& name) {
    Programs found;
    const auto is_it = [&](const TestProgram& p) { return p.name == name || p.name.starts_with(name + "@"); };
    std::ranges::copy_if(programs, std::back_inserter(found), is_it);
    if (!found.empty()) return found;
    std::ranges::copy_if(programs, std::back_inserter(found), [&](const TestProgram& p) { return contains(p.name, name); });
    if (!found.empty()) return found;
    std::vector<std::string_view> names;
    for (const TestProgram& program : programs) names.push_back(program.name);
    const std::string_view near = app::base::nearest(name, names);
    throw UsageError("test: no program's name contains " + name +
                     (near.empty() ? "; `manage test --list` shows them" : "; did you mean " + std::string(near) + "?"));
}

Programs choose(const Invocation& invocation, const Programs& all) {
    std::vector<std::string> chosen;
    for (const std::string& name : invocation.all("NAME")) {
        for (const TestProgram& program : named(all, name)) chosen.push_back(program.name);
    }
    const std::string backend = invocation.find("--backend").value_or("both"), part = invocation.find("-k").value_or("");
    Programs programs;
    for (const TestProgram& program : all) {
        const bool is_named = !invocation.has("NAME") || std::ranges::find(chosen, program.name) != chosen.end();
        const bool is_kind = (!invocation.has("--unit") || program.has("unit")) &&
                             (!invocation.has("--integration") || program.has("integration"));
        const bool is_backend = backend == "both" || program.has("mariadb") == (backend == "mysql");
        const bool may_fit = part.empty() || program.has_cases() || contains(program.name, part);
        if (is_named && is_kind && is_backend && may_fit) programs.push_back(program);
    }
    if (programs.empty()) throw UsageError("test: no program fits all that was asked for; `manage test --list` shows them");
    return programs;
}

int list(const Invocation& invocation, TestTree& tree, const Programs& programs, const TestOptions& options) {
    const bool with_cases = invocation.has("NAME") || invocation.has("-k");
    if (with_cases) tree.build(programs);
    std::string text;
    JsonWriter json(text);
    const bool as_json = invocation.has("--json");
    if (as_json) json.begin_object().key("tests").begin_array();
    for (const TestProgram& program : programs) {
        std::vector<std::string> cases;
        if (with_cases && program.has_cases()) cases = tree.cases(program, options);
        if (as_json) {
            json.begin_object();
            if (with_cases) {
                json.key("cases").begin_array();
                for (const std::string& name : cases) json.value(name);
                json.end_array();
            }
            json.key("labels").begin_array();
            for (const std::string& label : program.labels) json.value(label);
            json.end_array().field("name", program.name).end_object();
            continue;
        }
        if (!with_cases || !program.has_cases()) text += program.name + "\n";
        for (const std::string& name : cases) text += program.name + ": " + name + "\n";
    }
    if (as_json) json.end_array().end_object(), text += '\n';
    invocation.print(text);
    return 0;
}

int test(const Invocation& invocation, TestTree& tree, const Programs& programs, TestOptions options) {
    const auto junit = invocation.find("--junit");
    if (junit) {
        options.reports = tree.build_folder() / "reports";
        fs::remove_all(options.reports);
        fs::create_directories(options.reports);
    }
    tree.build(programs);
    if (invocation.has("--coverage")) reset_coverage(tree);
    TestReport report(invocation, programs.size());
    try {
        tree.run(programs, options, [&](const TestResult& result) { report.add(result); });
    } catch (const Interrupted&) {
        report.end();
        write_all(STDERR_FILENO, "manage: stopped: " + report.how_far() + "\n");
        report.print({});
        return 1;
    }
    report.end();
    if (!report.has_results()) throw UsageError("test: no case's name contains " + options.cases);
    std::vector<FolderCoverage> coverage;
    if (invocation.has("--coverage")) {
        coverage = measure_coverage(tree);
        write_all(STDERR_FILENO, "The pages: " + (tree.build_folder() / "html/index.html").string() + "\n");
    }
    if (junit) {
        app::base::NewFile file(*junit, app::base::NewFile::Existing::replace);
        file.write(junit_report(report.results(), options.reports));
        file.keep();
    }
    if (!report.is_complete()) write_all(STDERR_FILENO, "manage: stopped at the first failure: " + report.how_far() + "\n");
    report.print(coverage);
    return report.failed() == 0 ? 0 : 1;
}

int run_test(Invocation& invocation) {
    check_options(invocation);
    const fs::path checkout = get_checkout();
    // What the signal does to this program waits until it has told how far it came.
    const HeldSignals held(ending_signals);
    // The sanitizers of g++ 12 do not start under the address randomisation of newer kernels. Where this is forbidden, they may.
    if (invocation.has("--sanitize")) ::personality(ADDR_NO_RANDOMIZE);
    TestTree tree(checkout, preset(invocation), jobs(invocation), held);
    const TestOptions options{.cases = invocation.find("-k").value_or(""), .failfast = invocation.has("--failfast")};
    try {
        tree.configure();
        const Programs programs = choose(invocation, tree.programs());
        return invocation.has("--list") ? list(invocation, tree, programs, options) : test(invocation, tree, programs, options);
    } catch (const Interrupted&) {
        write_all(STDERR_FILENO, "manage: stopped before the first test\n");
        return 1;
    }
}

}  // namespace

Command test() {
    using Kind = Option::Kind;
    return {.name = "test",
            .help = "Build and run the project's own tests, in a checkout of the sources",
            .example = "  manage test unit/web -k \"trailing slash\"\n  manage test --integration --backend sqlite --failfast\n"
                       "  manage test --coverage unit/models",
            .options = {{.name = "NAME",
                         .kind = Kind::positional,
                         .help = "a program, as unit/web, or a part of some programs' names; else all",
                         .repeated = true},
                        {.name = "-k", .value_name = "TEXT", .help = "only the cases whose names contain this"},
                        {.name = "--unit", .kind = Kind::flag, .help = "only the tests of one room each"},
                        {.name = "--integration", .kind = Kind::flag, .help = "only those of the whole application"},
                        {.name = "--failfast", .kind = Kind::flag, .help = "stop at the first failure"},
                        {.name = "--list", .kind = Kind::flag, .help = "list the programs; with NAME or -k their cases"},
                        {.name = "--backend",
                         .value_name = "BACKEND",
                         .help = "sqlite, mysql (starts MariaDB) or both, which is the default",
                         .choices = {"sqlite", "mysql", "both"}},
                        {.name = "--jobs", .value_name = "N", .help = "how many at a time; else as many as there are cores"},
                        {.name = "--junit", .value_name = "FILE", .help = "write a report in JUnit's XML"},
                        {.name = "--coverage", .kind = Kind::flag, .help = "tell which lines were run, by folder and as HTML"},
                        {.name = "--sanitize",
                         .value_name = "WHAT",
                         .help = "address (and undefined behaviour), or thread (the concurrent tests only)",
                         .choices = {"address", "thread"}},
                        {.name = "--json", .kind = Kind::flag, .help = "as JSON"}},
            .run = run_test};
}

}  // namespace manage
