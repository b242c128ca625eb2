#include "tests/soak/log_count.hpp"

#include <fstream>

#include "app/base/error.hpp"
#include "app/web/json.hpp"

namespace soak {
namespace {

constexpr std::size_t faults_kept = 10;

std::string text_at(const app::web::Value& object, std::string_view name) {
    const std::string* const found = object.find_string(name);
    return found != nullptr ? *found : "";
}

}  // namespace

void LogCount::add(const std::filesystem::path& file) {
    std::ifstream stream(file);
    std::int64_t number = 0;
    for (std::string line; std::getline(stream, line);) add_line(line, file.filename().string() + ":" + std::to_string(++number));
}

void LogCount::add_line(std::string_view line, const std::string& where) {
    ++lines_;
    try {
        const app::web::Value entry = app::web::parse_json(line);
        const std::string path = text_at(entry, "path");
        if (!path.empty() && !path.starts_with("/bad") && path != "/readyz") ++accesses_;
        if (text_at(entry, "level") != "error") return;
        ++errors_;
        note_fault(where + " tells of an error: " + text_at(entry, "message"));
    } catch (const app::base::Error& error) {
        note_fault(where + " is not whole: " + error.message() + ": " + std::string(line.substr(0, 200)));
    }
}

void LogCount::note_fault(std::string what) {
    if (faults_.size() < faults_kept) faults_.push_back(std::move(what));
}

}  // namespace soak
