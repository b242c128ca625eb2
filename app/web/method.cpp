#include "app/web/method.hpp"

#include <utility>

namespace app::web {
namespace {

constexpr std::pair<Methods, std::string_view> method_names[] = {
    {GET, "GET"}, {HEAD, "HEAD"}, {POST, "POST"}, {PUT, "PUT"}, {PATCH, "PATCH"}, {DELETE, "DELETE"}, {OPTIONS, "OPTIONS"}};

}  // namespace

std::optional<Methods> find_method(std::string_view name) noexcept {
    for (const auto& [method, text] : method_names) {
        if (text == name) return method;
    }
    return std::nullopt;
}

std::string to_string(Methods methods) {
    std::string list;
    for (const auto& [method, text] : method_names) {
        if (!methods.contains(method)) continue;
        if (!list.empty()) list += ", ";
        list += text;
    }
    return list;
}

}  // namespace app::web
