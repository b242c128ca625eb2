// `manage test` on a checkout that is as small as one can be: the presets and tests/main.cpp are the real ones, the tests are a handful.
// cmake, ctest, the compiler and gcovr are real, too.
#include <doctest/doctest.h>

#include <csignal>
#include <thread>

#include "app/web/json.hpp"
#include "tests/integration/manage.hpp"

namespace {

using namespace tests;
namespace fs = std::filesystem;

constexpr std::string_view project = R"(cmake_minimum_required(VERSION 3.25)
project(dewar LANGUAGES CXX)
set(CMAKE_CXX_STANDARD 20)
find_program(CCACHE ccache)
if(CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CCACHE})
endif()
enable_testing()
add_subdirectory(tests)
)";

constexpr std::string_view program = R"(#include <doctest/doctest.h>
int half(int number);
TEST_CASE("the half of four is two") { CHECK(half(4) == 2); }
TEST_CASE("the half of <three> fails") { CHECK_MESSAGE(half(3) == 2, "a & b"); }
TEST_CASE("and this one fails after it") { CHECK(half(2) == 7); }
)";

constexpr std::string_view code = R"(int half(int number);
int half(int number) {
    if (number < 0)
        return 0;
    return number / 2;
}
)";

// Made once, for the compiler takes its time.
class Checkout {
   public:
    Checkout() {
        here_.environment["CCACHE_NOHASHDIR"] = "1";  // another folder each time
        const std::string main = fs::absolute("tests/main.cpp");
        write("CMakeLists.txt", project);
        write("CMakePresets.json", read_text("CMakePresets.json"));
        write("tests/tiny_test.cpp", program);
        write("app/half/half.cpp", code);
        write("tests/CMakeLists.txt", "add_executable(test_unit_tiny tiny_test.cpp ../app/half/half.cpp " + main + ")\n" + R"(
add_test(NAME unit/tiny COMMAND test_unit_tiny)
add_test(NAME unit/tiny@mysql COMMAND test_unit_tiny)
add_test(NAME scripts/good COMMAND sh -c "echo fine")
add_test(NAME scripts/bad COMMAND sh -c "echo oops; exit 3")
add_test(NAME integration/slow COMMAND sh -c "echo $$ >started; exec sleep 600" WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
set_tests_properties(unit/tiny PROPERTIES LABELS "unit;concurrent")
set_tests_properties(unit/tiny@mysql PROPERTIES LABELS "unit;mariadb" ENVIRONMENT DEWAR_TEST_BACKEND=mysql)
set_tests_properties(integration/slow PROPERTIES LABELS integration)
)");
    }

    const fs::path& path() const { return here_.path(); }
    std::string write(const std::string& name, std::string_view text) const {
        fs::create_directories((path() / name).parent_path());
        return write_text(path() / name, text);
    }
    Start start(std::vector<std::string> arguments) const {
        arguments.insert(arguments.begin(), "test");
        Start start = here_.start(std::move(arguments));
        start.patience = std::chrono::minutes(4);
        return start;
    }
    Finished test(std::vector<std::string> arguments) const { return run(start(std::move(arguments))); }

   private:
    Installation here_;
};

const Checkout& checkout() {
    static const Checkout made;
    return made;
}

}  // namespace

TEST_CASE("tests that pass: a line per program, the sum, exit code 0") {
    const Finished result = checkout().test({"scripts/good", "unit/tiny", "--backend", "sqlite", "-k", "FOUR"});
    CHECK_MESSAGE(result.exit_code == 0, result.err);
    CHECK(contains(result.out, "passed  unit/tiny: 1 case, "));
    CHECK(result.out.ends_with("1 passed, 0 failed\n"));
    CHECK(checkout().test({"scripts/good"}).out.ends_with("\n1 passed, 0 failed\n"));
}

TEST_CASE("tests that fail: what they said, the sum, exit code 1") {
    const Finished result = checkout().test({"scripts", "unit/tiny"});
    CHECK(result.exit_code == 1);
    CHECK(contains(result.out, "FAILED  scripts/bad: 1 of 1 case, "));
    CHECK(contains(result.out, "\noops\n"));
    CHECK(contains(result.out, "FAILED  unit/tiny: 2 of 3 cases, "));
    CHECK(contains(result.out, "FAILED  unit/tiny@mysql: 2 of 3 cases, "));
    CHECK(contains(result.out, "a & b"));
    CHECK(result.out.ends_with("\n3 passed, 5 failed\n"));
}

TEST_CASE("--failfast stops at the first case that fails, and starts no further program") {
    const Finished one = checkout().test({"unit/tiny", "--failfast", "--backend", "sqlite"});
    CHECK(one.exit_code == 1);
    CHECK(contains(one.out, "a & b"));
    CHECK_FALSE(contains(one.out, "half(2) == 7"));
    const Finished all = checkout().test({"tiny", "scripts", "--failfast", "--jobs", "1"});
    CHECK(all.exit_code == 1);
    CHECK(contains(all.err, "stopped at the first failure: 1 of 4 programs had ended"));
}

TEST_CASE("--list names the programs; with a name or -k their cases") {
    CHECK(checkout().test({"--list"}).out == "unit/tiny\nunit/tiny@mysql\nscripts/good\nscripts/bad\nintegration/slow\n");
    CHECK(checkout().test({"--list", "--unit", "--backend", "mysql"}).out == "unit/tiny@mysql\n");
    CHECK(checkout().test({"--list", "--integration"}).out == "integration/slow\n");
    CHECK(checkout().test({"--list", "unit/tiny", "--backend", "sqlite"}).out ==
          "unit/tiny: the half of four is two\nunit/tiny: the half of <three> fails\nunit/tiny: and this one fails after it\n");
    const Finished json = checkout().test({"--list", "-k", "three", "--backend", "sqlite", "--json"});
    CHECK(json.out == "{\"tests\":[{\"cases\":[\"the half of <three> fails\"],\"labels\":[\"concurrent\",\"unit\"],\"name\":"
                      "\"unit/tiny\"}]}\n");
}

TEST_CASE("--sanitize thread runs the concurrent tests only") {
    CHECK(checkout().test({"--sanitize", "thread", "--list"}).out == "unit/tiny\n");
    CHECK(checkout().test({"--sanitize", "thread", "scripts/good"}).exit_code == 2);
}

TEST_CASE("--junit writes one report of all cases, in place of an older one, or leaves that") {
    const std::string path = checkout().write("report.xml", "old");
    CHECK(checkout().test({"nothing", "--junit", path}).exit_code == 2);
    CHECK(read_text(path) == "old");
    CHECK(checkout().test({"tiny", "scripts", "--junit", path}).exit_code == 1);
    const std::string report = read_text(path);
    CHECK(contains(report, "<testsuites name=\"dewar\" tests=\"8\" failures=\"5\" errors=\"0\" skipped=\"0\""));
    CHECK(contains(report, "<testsuite name=\"unit/tiny@mysql\" tests=\"3\" failures=\"2\""));
    CHECK(contains(report, "name=\"the half of &lt;three> fails\""));
    CHECK(contains(report, "<failure message=\"failed\">oops\n</failure>"));
    const Finished parsed = run({.arguments = {"/usr/bin/python3", "-c",
                                               "import sys, xml.etree.ElementTree as tree\n"
                                               "print(len(list(tree.parse(sys.argv[1]).iter('testcase'))))",
                                               path}});
    CHECK_MESSAGE(parsed.out == "8\n", parsed.err);
    const Finished nowhere = checkout().test({"--junit", "gone/report.xml"});
    CHECK(nowhere.exit_code == 2);
    CHECK(is_one_line(nowhere.err));
}

TEST_CASE("--json tells all in one document") {
    const Finished result = checkout().test({"scripts", "--json"});
    CHECK(result.exit_code == 1);
    const auto document = app::web::parse_json(result.out);
    CHECK(*document.find("passed") == app::web::Value{1});
    CHECK(*document.find("failed") == app::web::Value{1});
    CHECK(document.find("tests")->list()->size() == 2);
}

TEST_CASE("--coverage tells the lines that were run, by folder and on pages") {
    const Finished result = checkout().test({"unit/tiny", "-k", "four", "--coverage", "--backend", "sqlite"});
    CHECK_MESSAGE(result.exit_code == 0, result.err);
    CHECK(contains(result.out, "FOLDER    LINES  RUN  %\napp/half  4      3    75.0\nall       4      3    75.0\n"));
    CHECK(contains(result.err, "build/coverage/html/index.html"));
    CHECK(contains(read_text(checkout().path() / "build/coverage/html/index.html"), "half.cpp"));
}

TEST_CASE("Ctrl-C ends the children and says how far it came") {
    Process process(checkout().start({"integration/slow"}));
    constexpr std::chrono::milliseconds interval{20};
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::minutes(4);
    std::string pid;
    while (pid.empty() && std::chrono::steady_clock::now() < deadline) {
        std::this_thread::sleep_for(interval);
        pid = read_text(checkout().path() / "started");
    }
    REQUIRE(pid.ends_with('\n'));
    process.send(SIGINT);
    const Finished result = process.wait();
    CHECK(result.exit_code == 128 + SIGINT);
    CHECK(result.err == "manage: stopped: 0 of 1 programs had ended\n");
    CHECK(result.out == "0 passed, 0 failed\n");
    const std::string words =
        "/proc/" + pid.substr(0, pid.size() - 1) + "/cmdline";  // empty of one that nobody has waited for yet
    while (!read_text(words).empty() && std::chrono::steady_clock::now() < deadline) std::this_thread::sleep_for(interval);
    CHECK(read_text(words) == "");
}

TEST_CASE("what does not compile is told with the compiler's words, and where the rest is") {
    Checkout broken;
    broken.write("tests/tiny_test.cpp", "int broken = nothing;\n");
    broken.write("tests/CMakeLists.txt",
                 "add_executable(test_unit_tiny tiny_test.cpp)\nadd_test(NAME unit/tiny COMMAND test_unit_tiny)\n");
    const Finished result = broken.test({});
    CHECK(result.exit_code == 1);
    CHECK(contains(result.err, "was not declared"));
    CHECK(contains(result.err, "manage: building build/dev failed: cmake ended with 1; the whole log: "));
    CHECK(result.out.empty());
}

TEST_CASE("what cannot be meant is refused in one line, with exit code 2") {
    const std::vector<std::string> refused[] = {{"unit/tine"},
                                                {"-k", "no such case", "unit/tiny"},
                                                {"--unit", "--integration"},
                                                {"--coverage", "--sanitize", "address"},
                                                {"--list", "--junit", "x.xml"},
                                                {"--jobs", "0"},
                                                {"--jobs", "many"},
                                                {"--backend", "oracle"},
                                                {"--sanitize", "hands"}};
    for (const auto& arguments : refused) {
        CAPTURE(arguments.front());
        const Finished result = checkout().test(arguments);
        CHECK(result.exit_code == 2);
        CHECK_MESSAGE(is_one_line(result.err), result.err);
        CHECK(result.out.empty());
    }
    CHECK(contains(checkout().test({"unit/tine"}).err, "did you mean unit/tiny?"));
}

TEST_CASE("a program away from the sources has no tests: it says so, with exit code 2") {
    const Installation elsewhere;
    fs::copy_file(MANAGE_BINARY, elsewhere.path() / "manage");
    const Finished result = run(
        {.arguments = {elsewhere.path() / "manage", "test"}, .environment = elsewhere.environment, .folder = elsewhere.path()});
    CHECK(result.exit_code == 2);
    CHECK(is_one_line(result.err));
    CHECK(contains(result.err, "there are no tests here"));
}
