#include "manage/lock_file.hpp"

#include <algorithm>

#include "app/base/error.hpp"
#include "app/base/text.hpp"

namespace manage {

namespace {

using app::base::Code;
using app::base::Error;

constexpr std::size_t sha256_digits = 64;
constexpr std::string_view lower = "abcdefghijklmnopqrstuvwxyz", digits = "0123456789";

[[noreturn]] void refuse(const std::string& path, std::size_t line, const std::string& what) {
    throw Error(Code::invalid, path + ":" + std::to_string(line) + ": " + what);
}

// Letters of either case and digits, with one of them first, and those marks that Debian's names and versions have.
bool is_word(std::string_view text) {
    const auto is_plain = [](char c) {
        return lower.find(static_cast<char>(c | ' ')) != std::string_view::npos || digits.find(c) != std::string_view::npos;
    };
    return !text.empty() && is_plain(text.front()) && std::ranges::all_of(text, [&](char c) {
        return is_plain(c) || std::string_view("+-.~:_").find(c) != std::string_view::npos;
    });
}

bool is_sum(std::string_view text) {
    return text.size() == sha256_digits && text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

// The line's words behind the #; false for too many, or ones that cannot be.
bool read_package(std::string_view text, Requirement& requirement) {
    std::vector<std::string_view> words;
    for (const std::string_view word : app::base::split(text, ' ')) {
        if (!word.empty()) words.push_back(word);
    }
    if (words.size() == 4 && words.back().starts_with("sha256:")) {
        words.pop_back();
        const std::string_view sum = text.substr(text.rfind(':') + 1);
        if (!is_sum(sum)) return false;
        requirement.sha256 = sum;
    }
    if (words.size() > 3 || !std::ranges::all_of(words, is_word)) return false;
    std::string* const parts[] = {&requirement.package, &requirement.package_version, &requirement.architecture};
    for (std::size_t i = 0; i < words.size(); ++i) *parts[i] = words[i];
    return true;
}

bool read_requirement(std::string_view line, Requirement& requirement) {
    const auto mark = line.find('#');
    const std::string_view pin = app::base::trim(line.substr(0, mark));
    const auto equals = pin.find("==");
    if (equals == std::string_view::npos) return false;
    requirement.name = pin.substr(0, equals);
    requirement.version = pin.substr(equals + 2);
    if (!is_word(requirement.name) || !is_word(requirement.version)) return false;
    return mark == std::string_view::npos || read_package(app::base::trim(line.substr(mark + 1)), requirement);
}

void check_text(std::string_view text, const std::string& path) {
    const bool has_control =
        std::ranges::any_of(text, [](char c) { return c >= 0 && c < ' ' && c != '\n' && c != '\t' && c != '\r'; });
    if (has_control || !app::base::is_utf8(text)) throw Error(Code::invalid, path + " is no lock file: it is not text");
    if (app::base::trim(text).empty())
        throw Error(Code::invalid, path + " is no lock file: it is empty; scripts/lock writes one");
}

}  // namespace

std::vector<LockSection> parse_lock(std::string_view text, const std::string& path) {
    check_text(text, path);
    std::vector<LockSection> sections;
    std::size_t number = 0;
    for (const std::string_view whole : app::base::split(text, '\n')) {
        ++number;
        const std::string_view line = app::base::trim(whole);
        if (line.empty() || line.starts_with('#')) continue;
        if (line.starts_with('[') && line.ends_with(']') && is_word(line.substr(1, line.size() - 2))) {
            const std::string_view name = line.substr(1, line.size() - 2);
            if (std::ranges::count(sections, name, &LockSection::distribution) > 0) {
                refuse(path, number, "there is a section " + std::string(line) + " already");
            }
            sections.push_back({std::string(name), {}});
            continue;
        }
        Requirement requirement;
        if (!read_requirement(line, requirement)) {
            refuse(path, number, "is neither a section like [debian-12] nor a line like openssl==3.0.22  # libssl-dev 3.0.22-1");
        }
        if (sections.empty()) refuse(path, number, requirement.name + " stands before any section like [debian-12]");
        std::vector<Requirement>& known = sections.back().requirements;
        if (std::ranges::count(known, requirement.name, &Requirement::name) > 0) {
            refuse(path, number, requirement.name + " is in [" + sections.back().distribution + "] already");
        }
        known.push_back(std::move(requirement));
    }
    if (sections.empty()) throw Error(Code::invalid, path + " is no lock file: it has no section; scripts/lock writes one");
    return sections;
}

std::string short_line(const Requirement& requirement) { return requirement.name + "==" + requirement.version; }

std::string long_line(const Requirement& requirement) {
    std::string line = short_line(requirement);
    if (!requirement.package.empty()) line += "  # " + requirement.package;
    for (const std::string* word : {&requirement.package_version, &requirement.architecture}) {
        if (!word->empty()) line += " " + *word;
    }
    if (!requirement.sha256.empty()) line += " sha256:" + requirement.sha256;
    return line;
}

}  // namespace manage
