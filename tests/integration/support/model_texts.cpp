#include "tests/integration/support/model_texts.hpp"

#include <algorithm>
#include <limits>

namespace tests {

using namespace app::models;
using app::base::Timestamp;

namespace {

std::string ordinal(char kind, const Ids& ids, std::int64_t id) {
    const auto found = std::lower_bound(ids.begin(), ids.end(), id);
    if (found == ids.end() || *found != id) return std::string(1, kind) + "?" + std::to_string(id);
    return std::string(1, kind) + std::to_string(found - ids.begin());
}

}  // namespace

void Made::cut(const Sizes& sizes) {
    users.resize(sizes.users);
    posts.resize(sizes.posts);
    comments.resize(sizes.comments);
    tokens.resize(sizes.tokens);
}

std::string text(Timestamp time) { return std::to_string(app::base::to_microseconds(time)); }

std::string text(const Made& made, const User& user) {
    return ordinal('u', made.users, user.id) + " " + shown(user.email) + " " + shown(user.username) +
           (user.confirmed ? " confirmed " : " ") + std::to_string(user.role_id) + " " + user.role_name + " " +
           std::to_string(user.permissions) + " " + text(user.member_since) + " " + text(user.last_seen) + " v" +
           std::to_string(user.token_version) + " " + std::to_string(user.post_count) + " " +
           std::to_string(user.follower_count) + " " + std::to_string(user.following_count) + " version " +
           std::to_string(user.version);
}

std::string text(const Made& made, const Post& post) {
    return ordinal('p', made.posts, post.id) + " " + shown(post.body) + " " + shown(post.body_html) + " " +
           text(post.created_at) + " " + text(post.updated_at) + " " + ordinal('u', made.users, post.author_id) + " " +
           shown(post.author_username) + " " + std::to_string(post.comment_count) + " version " + std::to_string(post.version);
}

std::string text(const Made& made, const Comment& comment) {
    return ordinal('c', made.comments, comment.id) + " " + ordinal('p', made.posts, comment.post_id) + " " +
           ordinal('u', made.users, comment.author_id) + " " + shown(comment.author_username) + " " + shown(comment.body) + " " +
           shown(comment.body_html) + " " + text(comment.created_at) + " " + text(comment.updated_at) +
           (comment.disabled ? " disabled" : "") + " version " + std::to_string(comment.version);
}

std::string text(const Made&, const Role& role) {
    return std::to_string(role.id) + " " + role.name + " " + std::to_string(role.permissions) +
           (role.is_default ? " default" : "");
}

std::string text(const Made& made, const Credentials& credentials) {
    return text(made, credentials.user) + " " + shown(credentials.password_hash);
}

std::string text(bool is_so) { return is_so ? "true" : "false"; }

std::string describe_all(app::db::Connection& connection, const Made& made) {
    const PageRequest all{1, std::numeric_limits<int>::max()};
    std::string rows = text(made, list_users(connection)) + text(made, list_posts(connection, all)) +
                       text(made, list_newest_comments(connection, all));
    connection.each("SELECT follower_id, followed_id, created_at FROM follows ORDER BY follower_id, followed_id",
                    [&](const app::db::Row& row) {
                        rows += ordinal('u', made.users, row.integer(0)) + " " + ordinal('u', made.users, row.integer(1)) + " " +
                                text(row.time(2)) + "; ";
                    });
    connection.each("SELECT id, disabled FROM comments ORDER BY id", [&](const app::db::Row& row) {
        rows += ordinal('c', made.comments, row.integer(0)) + " " + text(row.boolean(1)) + "; ";
    });
    return rows;
}

std::string shown(std::string_view text) {
    constexpr std::size_t whole_max = 48, part = 16;
    constexpr std::string_view digits = "0123456789abcdef";
    if (text.size() > whole_max) {
        return shown(text.substr(0, part)) + "...(" + std::to_string(text.size()) + " bytes, hash " +
               std::to_string(std::hash<std::string_view>{}(text)) + ")";
    }
    std::string printable = "\"";
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte >= 0x20 && byte < 0x7f)
            printable += c;
        else
            printable.append("\\x").append(1, digits[byte >> 4]).append(1, digits[byte & 15]);
    }
    return printable + "\"";
}

}  // namespace tests
