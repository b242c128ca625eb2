#include "manage/coverage.hpp"

#include <map>

#include "app/base/error.hpp"
#include "app/base/file.hpp"
#include "app/web/json.hpp"

namespace manage {

namespace fs = std::filesystem;

namespace {

using app::base::Code;
using app::base::Error;
using app::web::Value;

std::int64_t number(const Value& file, std::string_view name) {
    if (const std::int64_t* value = file.find_integer(name)) return *value;
    throw Error(Code::invalid, "gcovr's summary has no " + std::string(name));
}

}  // namespace

std::string FolderCoverage::percent() const {
    const std::int64_t tenths = lines == 0 ? 1000 : lines_run * 1000 / lines;
    return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10);
}

void reset_coverage(const TestTree& tree) {
    std::vector<fs::path> counts;
    for (const auto& entry : fs::recursive_directory_iterator(tree.build_folder())) {
        if (entry.path().extension() == ".gcda") counts.push_back(entry.path());
    }
    for (const fs::path& path : counts) fs::remove(path);
}

std::vector<FolderCoverage> measure_coverage(TestTree& tree) {
    const fs::path pages = tree.build_folder() / "html", summary = tree.build_folder() / "coverage.json";
    fs::remove_all(pages);
    fs::create_directories(pages);
    const std::string root = tree.checkout().string();
    std::vector<std::string> arguments{"gcovr",          "--root", root, "--html-details", pages / "index.html",
                                       "--json-summary", summary};
    for (const char* folder : {"app/", "config/", "manage/"})
        arguments.insert(arguments.end(), {"--filter", root + "/" + folder});
    arguments.push_back(tree.build_folder());
    tree.step("measuring", std::move(arguments));
    return read_coverage(app::base::find_file(summary).value_or(""));
}

std::vector<FolderCoverage> read_coverage(std::string_view summary) {
    const Value document = app::web::parse_json(summary);
    const Value::List* files = document.find_list("files");
    if (files == nullptr) throw Error(Code::invalid, "gcovr's summary lists no files");
    std::map<std::string, FolderCoverage> folders;
    FolderCoverage sum{.folder = "all"};
    for (const Value& file : *files) {
        const std::string* name = file.find_string("filename");
        if (name == nullptr) throw Error(Code::invalid, "gcovr's summary has a file without a name");
        const std::string folder = fs::path(*name).parent_path();
        FolderCoverage& coverage = folders[folder];
        coverage.folder = folder;
        for (FolderCoverage* which : {&coverage, &sum}) {
            which->lines += number(file, "line_total");
            which->lines_run += number(file, "line_covered");
        }
    }
    std::vector<FolderCoverage> list;
    list.reserve(folders.size() + 1);
    for (auto& [name, coverage] : folders) list.push_back(std::move(coverage));
    list.push_back(std::move(sum));
    return list;
}

}  // namespace manage
