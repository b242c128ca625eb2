// What posts and comments have in common: a text in Markdown, stored verbatim beside the HTML made of it. A text becomes a
// PostBody or a CommentBody before it can be written, which checks and renders it: **make it before Database::write**, since
// rendering takes time and a write may run twice.
#pragma once

#include <cstddef>
#include <string>

namespace app::models {

inline constexpr std::size_t body_bytes_max = 4 * 1024 * 1024;

// Both constructors throw invalid ("post does not have a body", "comment does not have a body", or a text that is not UTF-8) and
// too_large (beyond body_bytes_max), with the field /body. Blanks are a text; NUL and any other character are kept.
class PostBody {
   public:
    explicit PostBody(std::string source);
    const std::string& source() const noexcept { return source_; }
    const std::string& html() const noexcept { return html_; }

   private:
    std::string source_;
    std::string html_;
};

class CommentBody {
   public:
    explicit CommentBody(std::string source);
    const std::string& source() const noexcept { return source_; }
    const std::string& html() const noexcept { return html_; }

   private:
    std::string source_;
    std::string html_;
};

}  // namespace app::models
