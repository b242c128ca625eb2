#include "manage/source_text.hpp"

#include <algorithm>

#include "app/base/error.hpp"
#include "app/base/text.hpp"

namespace manage {

SourceText::SourceText(std::string path, std::string_view text) : path_(std::move(path)) {
    if (text.ends_with('\n')) text.remove_suffix(1);
    for (const std::string_view line : app::base::split(text, '\n')) lines_.emplace_back(line);
}

std::string SourceText::text() const {
    std::string text;
    for (const std::string& line : lines_) text += line + "\n";
    return text;
}

void SourceText::add_include(std::string_view header) {
    if (!insert_sorted("#include \"", "#include \"" + std::string(header) + "\"")) fail("a line that begins with #include \"");
}

void SourceText::add_system_include(std::string_view header) {
    const std::string line = "#include <" + std::string(header) + ">";
    if (insert_sorted("#include <", line)) return;
    const std::size_t pragma = only("#pragma once");
    insert(pragma + 1, "\n" + line);
}

void SourceText::insert_before(std::string_view beginning, std::string_view text) { insert(only(beginning), text); }

void SourceText::insert_after_last(std::string_view first, std::string_view last, std::string_view beginning,
                                   std::string_view text) {
    const Block lines = block(first, last);
    for (std::size_t at = lines.last; at-- > lines.first;) {
        if (!lines_[at].starts_with(beginning)) continue;
        while (!lines_[at].ends_with(';') && at + 1 < lines.last) ++at;
        insert(at + 1, text);
        return;
    }
    fail("a line that begins with " + std::string(beginning) + " behind " + std::string(first));
}

void SourceText::insert_at_end(std::string_view first, std::string_view last, std::string_view text) {
    std::size_t at = block(first, last).last;
    while (lines_[at - 1].empty()) --at;
    insert(at, text);
}

void SourceText::insert_in_line(std::string_view beginning, std::string_view after, std::string_view text) {
    std::string& line = lines_[only(beginning)];
    const std::size_t at = line.find(after);
    if (at == std::string::npos) fail(std::string(after) + " in the line that begins with " + std::string(beginning));
    line.insert(at + after.size(), text);
}

void SourceText::append(std::string_view text) {
    lines_.emplace_back();
    insert(lines_.size(), text);
}

void SourceText::fail(std::string_view what) const {
    throw app::base::Error(app::base::Code::invalid, path_ + " was changed: this looks for " + std::string(what) +
                                                         ", once; nothing was written, so write by hand what "
                                                         "docs/ARCHITECTURE.md says in \"Common changes\"");
}

std::size_t SourceText::only(std::string_view beginning) const {
    const auto begins = [&](const std::string& line) { return line.starts_with(beginning); };
    if (std::ranges::count_if(lines_, begins) != 1) fail("a line that begins with " + std::string(beginning));
    return static_cast<std::size_t>(std::ranges::find_if(lines_, begins) - lines_.begin());
}

SourceText::Block SourceText::block(std::string_view first, std::string_view last) const {
    const std::size_t begin = only(first);
    for (std::size_t at = begin + 1; at < lines_.size(); ++at) {
        if (lines_[at] == last) return {begin, at};
    }
    fail("the line " + std::string(last) + " behind " + std::string(first));
}

void SourceText::insert(std::size_t at, std::string_view text) {
    if (text.ends_with('\n')) text.remove_suffix(1);
    const auto added = app::base::split(text, '\n');
    lines_.insert(lines_.begin() + static_cast<std::ptrdiff_t>(at), added.begin(), added.end());
}

// Into the last block of such lines, since a .cpp file's own header stands before the others. False if there is no such line.
bool SourceText::insert_sorted(std::string_view beginning, const std::string& line) {
    if (std::ranges::find(lines_, line) != lines_.end()) return true;
    std::size_t end = lines_.size();
    while (end > 0 && !lines_[end - 1].starts_with(beginning)) --end;
    if (end == 0) return false;
    std::size_t at = end;
    while (at > 0 && lines_[at - 1].starts_with(beginning) && lines_[at - 1] > line) --at;
    insert(at, line);
    return true;
}

}  // namespace manage
