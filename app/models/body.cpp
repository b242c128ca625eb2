#include "app/models/body.hpp"

#include <string_view>
#include <utility>

#include "app/base/error.hpp"
#include "app/base/text.hpp"
#include "app/markup/markup.hpp"

namespace app::models {

namespace {

// Returns `source` if it may be stored. `thing` is "post" or "comment".
std::string checked(std::string source, std::string_view thing) {
    const auto refuse = [&](base::Code code, const std::string& what) {
        const std::string message = std::string{thing} + " " + what;
        throw base::Error(code, message, {}, {{"/body", message}});
    };
    if (source.empty()) refuse(base::Code::invalid, "does not have a body");
    if (source.size() > body_bytes_max) refuse(base::Code::too_large, "is longer than 4 MiB");
    if (!base::is_utf8(source)) refuse(base::Code::invalid, "is not UTF-8 text");
    return source;
}

}  // namespace

PostBody::PostBody(std::string source) : source_(checked(std::move(source), "post")), html_(markup::render_post(source_)) {}

CommentBody::CommentBody(std::string source)
    : source_(checked(std::move(source), "comment")), html_(markup::render_comment(source_)) {}

}  // namespace app::models
