// doctest's main, compiled once for all test programs. Beside doctest's arguments it reads what `manage test` can tell a program
// through ctest, which passes on no arguments: variables.
//
//     DEWAR_TEST_CASES=*page*     only the cases whose names fit, as --test-case
//     DEWAR_TEST_FAILFAST=1       end at the first check that fails
//     DEWAR_TEST_REPORTS=FOLDER   a report in JUnit's format too: FOLDER/PROGRAM.xml, or PROGRAM@BACKEND.xml (DEWAR_TEST_BACKEND)
#define DOCTEST_CONFIG_IMPLEMENT
#include <doctest/doctest.h>

#include <cstdlib>
#include <fstream>
#include <string>

namespace {

std::string variable(const char* name) {
    const char* value = std::getenv(name);
    return value == nullptr ? "" : value;
}

// doctest's options, but with a file to write to.
struct ReportFile {
    explicit ReportFile(const doctest::ContextOptions& given) : options(given) {
        const std::string backend = variable("DEWAR_TEST_BACKEND");
        const std::string program = given.binary_name.c_str();
        stream.open(variable("DEWAR_TEST_REPORTS") + "/" + program.substr(program.rfind('/') + 1) +
                    (backend.empty() ? "" : "@" + backend) + ".xml");
        options.cout = &stream;
    }

    std::ofstream stream;
    doctest::ContextOptions options;
};

// doctest writes all reports to one place: this one goes to another than the words for people.
class JunitReport : private ReportFile, public doctest::JUnitReporter {
   public:
    explicit JunitReport(const doctest::ContextOptions& given) : ReportFile(given), doctest::JUnitReporter(options) {}

    void test_run_end(const doctest::TestRunStats& stats) override {
        doctest::JUnitReporter::test_run_end(stats);
        stream.flush();  // a program that crashes ends after this without more ado
    }
};

}  // namespace

int main(int argc, char** argv) {
    doctest::Context context(argc, argv);
    if (const std::string cases = variable("DEWAR_TEST_CASES"); !cases.empty()) context.addFilter("test-case", cases.c_str());
    if (!variable("DEWAR_TEST_FAILFAST").empty()) context.setOption("abort-after", 1);
    if (!variable("DEWAR_TEST_REPORTS").empty()) doctest::registerReporter<JunitReport>("report", 1, false);
    return context.run();
}
