#include "config/refuse.hpp"

#include <string>

#include "app/base/error.hpp"

namespace config {

void refuse(std::string_view origin, std::string_view what) {
    std::string line = std::string(origin).append(": ").append(what);
    for (char& letter : line) {
        const bool control = static_cast<unsigned char>(letter) < ' ' || letter == '\x7f';
        if (control) letter = '?';
    }
    throw app::base::Error(app::base::Code::invalid, std::move(line));
}

bool is_quoted(std::string_view text) {
    return text.size() >= 2 && (text.front() == '"' || text.front() == '\'') && text.front() == text.back();
}

}  // namespace config
