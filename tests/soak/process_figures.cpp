#include "tests/soak/process_figures.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iomanip>
#include <sstream>

namespace soak {
namespace {

// Caches go on filling for a while after the first quarter: each of some 70 connections to the database has pages and statements, each
// thread a share of malloc's. In two minutes, in which some 100,000 requests are served, 6 MiB are 60 bytes for each of them; in an hour
// they are two. A leak that matters is seen in the one or the other.
constexpr double memory_growth_max_mib = 6;
// The clients that misbehave have a varying number of connections open, some 25; each leak of a descriptor would be hundreds in a quarter.
constexpr double descriptor_growth_max = 12;

std::filesystem::path folder_of(pid_t process) { return "/proc/" + std::to_string(process); }

}  // namespace

Figures figures_of(pid_t process) {
    Figures figures;
    std::ifstream status(folder_of(process) / "status");
    for (std::string line; std::getline(status, line);) {
        if (line.starts_with("RssAnon:")) figures.memory_mib = std::stod(line.substr(8)) / 1024;
    }
    std::error_code failure;
    for (std::filesystem::directory_iterator entry(folder_of(process) / "fd", failure), over; !failure && entry != over;
         entry.increment(failure)) {
        ++figures.descriptors;
    }
    return figures;
}

std::vector<pid_t> children_of(pid_t process) {
    std::ifstream file(folder_of(process) / "task" / std::to_string(process) / "children");
    std::vector<pid_t> children;
    for (pid_t child = 0; file >> child;) children.push_back(child);
    return children;
}

bool is_zombie(pid_t process) {
    std::ifstream file(folder_of(process) / "stat");
    std::string text;
    std::getline(file, text);
    const auto name_end = text.rfind(") ");
    return name_end != std::string::npos && text[name_end + 2] == 'Z';
}

Figures Course::mean(std::size_t begin, std::size_t end) const {
    Figures sum;
    for (std::size_t i = begin; i < end; ++i) {
        sum.memory_mib += all_[i].memory_mib;
        sum.descriptors += all_[i].descriptors;
    }
    const auto count = static_cast<double>(std::max<std::size_t>(end - begin, 1));
    return {sum.memory_mib / count, sum.descriptors / count};
}

std::string Course::find_growth(const std::string& whose) const {
    const Figures before = second_quarter(), after = last_quarter();
    std::ostringstream text;
    text << std::fixed << std::setprecision(1);
    if (after.memory_mib > before.memory_mib + memory_growth_max_mib) {
        text << "the memory of the " << whose << " grew from " << before.memory_mib << " to " << after.memory_mib << " MiB";
    } else if (after.descriptors > before.descriptors + descriptor_growth_max) {
        text << "the descriptors of the " << whose << " grew from " << before.descriptors << " to " << after.descriptors;
    }
    return text.str();
}

}  // namespace soak
