// What tests of any room ask of errors and texts.
#pragma once

#include <optional>
#include <string_view>

#include "app/base/error.hpp"

namespace tests {

// The error that `call` throws; none when it returns.
template <class Call>
std::optional<app::base::Error> error_of(Call&& call) {
    try {
        call();
    } catch (const app::base::Error& error) {
        return error;
    }
    return std::nullopt;
}

inline bool contains(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

}  // namespace tests
