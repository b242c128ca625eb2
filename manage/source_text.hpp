// A source file as lines, and insertions into it at places that cannot be mistaken. A place is named by how its lines begin; where that
// is not found, or found twice, somebody has written the file anew, and nothing is inserted.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace manage {

// Every function throws invalid, naming the file and what was looked for, when its place is not found exactly once. Lines are given and
// compared without their ends; a text of several lines may be inserted.
class SourceText {
   public:
    // `path` is for errors.
    SourceText(std::string path, std::string_view text);

    std::string text() const;

    // `#include "header"`, in the alphabetical order of the block of such lines.
    void add_include(std::string_view header);
    // `#include <header>`, likewise, unless it is there; a file without such a block gets one behind #pragma once.
    void add_system_include(std::string_view header);

    // Before the line that begins with `beginning`.
    void insert_before(std::string_view beginning, std::string_view text);

    // After the last line that begins with `beginning`, of those from the line that begins with `first` to the next one that is `last`;
    // a statement that goes on is not cut: it ends with the line that ends with ";".
    void insert_after_last(std::string_view first, std::string_view last, std::string_view beginning, std::string_view text);

    // As the last one of the lines from that which begins with `first` to the next one that is `last`.
    void insert_at_end(std::string_view first, std::string_view last, std::string_view text);

    // In the line that begins with `beginning`, behind the first `after`.
    void insert_in_line(std::string_view beginning, std::string_view after, std::string_view text);

    // At the end of the file, after a blank line.
    void append(std::string_view text);

   private:
    struct Block {
        std::size_t first, last;
    };

    [[noreturn]] void fail(std::string_view what) const;
    std::size_t only(std::string_view beginning) const;
    Block block(std::string_view first, std::string_view last) const;
    void insert(std::size_t at, std::string_view text);
    bool insert_sorted(std::string_view beginning, const std::string& line);

    std::string path_;
    std::vector<std::string> lines_;
};

}  // namespace manage
