// What model calls return, as text that is the same on every backend: an id is told as "the n-th of its kind that was made".
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/base/clock.hpp"
#include "app/models/comment.hpp"
#include "app/models/pagination.hpp"
#include "app/models/post.hpp"
#include "app/models/role.hpp"
#include "app/models/user.hpp"

namespace tests {

using Ids = std::vector<std::int64_t>;

// What calls have made on one backend, in order.
struct Made {
    struct Sizes {
        std::size_t users, posts, comments, tokens;
    };

    Ids users, posts, comments;  // ascending
    std::vector<std::string> tokens;

    Sizes sizes() const { return {users.size(), posts.size(), comments.size(), tokens.size()}; }
    // Forgets what was made since, for it was rolled back.
    void cut(const Sizes& sizes);
};

std::string text(bool is_so);
std::string text(app::base::Timestamp time);
std::string text(const Made& made, const app::models::User& user);
std::string text(const Made& made, const app::models::Post& post);
std::string text(const Made& made, const app::models::Comment& comment);
std::string text(const Made& made, const app::models::Role& role);
std::string text(const Made& made, const app::models::Credentials& credentials);

template <class T>
std::string text(const Made& made, const std::optional<T>& found) {
    return found ? text(made, *found) : "nothing";
}

template <class T>
std::string text(const Made& made, const std::vector<T>& items) {
    std::string joined;
    for (const T& item : items) joined += text(made, item) + "; ";
    return joined;
}

template <class T>
std::string text(const Made& made, const app::models::Page<T>& page) {
    const auto number = [](std::optional<std::int64_t> value) { return value ? std::to_string(*value) : "none"; };
    return "page " + std::to_string(page.page) + " of " + std::to_string(page.total) + ", before " + number(page.prev()) +
           ", behind " + number(page.next()) + ": " + text(made, page.items);
}

template <class T>
std::string text(const Made& made, const app::models::Slice<T>& slice) {
    return "of " + std::to_string(slice.total) + (slice.has_more ? ", more: " : ", no more: ") + text(made, slice.items);
}

// Every row of every table but roles.
std::string describe_all(app::db::Connection& connection, const Made& made);

// Fit for a terminal: what is not printable ASCII as \xNN; of a long text the beginning, its length and a hash.
std::string shown(std::string_view text);

}  // namespace tests
