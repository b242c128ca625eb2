#include "tests/integration/support/model_calls.hpp"

#include <limits>
#include <stdexcept>

#include "app/models/authentication.hpp"
#include "app/models/comment.hpp"
#include "app/models/follow.hpp"
#include "app/models/pagination.hpp"
#include "app/models/post.hpp"
#include "app/models/role.hpp"
#include "app/models/totals.hpp"
#include "app/models/user.hpp"
#include "tests/integration/support/model_texts.hpp"

namespace tests {

using namespace app::models;
using app::base::Timestamp;
using app::db::Connection;

namespace {

constexpr std::int64_t foreign_ids[] = {
    0, -1, -77, 1LL << 40, std::numeric_limits<std::int64_t>::min(), std::numeric_limits<std::int64_t>::max()};

// Names and texts that backends may take differently: case, accents, blanks at the end, what is no letter, no text, or too long.
const std::vector<std::string>& odd_texts() {
    static const std::vector<std::string> texts{"",
                                                " ",
                                                std::string("nul\0inside", 10),
                                                std::string(1, '\0'),
                                                "\xff",
                                                "cut\xc3",
                                                "\xed\xa0\x80",
                                                "\U0001f600",
                                                "\U0001f47d",
                                                "é",
                                                "É",
                                                "e\xcc\x81",
                                                "straße",
                                                "STRASSE",
                                                "İ",
                                                "ﬁ",
                                                "name1 ",
                                                "name1\t",
                                                "name%",
                                                "name_",
                                                "na'me",
                                                "na\"me",
                                                "na\\me",
                                                "--",
                                                "?",
                                                "NULL",
                                                "0",
                                                std::string(64, 'a'),
                                                std::string(65, 'a'),
                                                std::string(255, 'b'),
                                                std::string(256, 'b'),
                                                std::string(4000, 'c')};
    return texts;
}

}  // namespace

// A row that was made before, or an id that none has.
struct ModelCalls::Reference {
    std::size_t number = 0;  // taken modulo how many there are
    bool is_foreign = false;

    std::int64_t in(const Ids& ids) const {
        return is_foreign || ids.empty() ? foreign_ids[number % std::size(foreign_ids)] : ids[number % ids.size()];
    }
    std::string words() const {
        return is_foreign ? std::to_string(foreign_ids[number % std::size(foreign_ids)]) : "#" + std::to_string(number);
    }
};

ModelCalls::ModelCalls(std::uint64_t seed) : random_(seed) {
    std::vector<std::string> texts{"plain",
                                   "two\r\nlines",
                                   "*Markdown* [link](http://example.com)",
                                   "blank at the end ",
                                   std::string(70'000, 'x'),
                                   std::string(300'000, '\n')};
    for (const std::string& text : odd_texts()) texts.push_back(text);
    for (int i = 0; i < 40; ++i) {
        std::string mixed;
        for (std::size_t parts = below(12); parts > 0; --parts) mixed += odd_texts()[below(odd_texts().size())] + " ";
        texts.push_back(mixed);
    }
    for (const std::string& text : texts) {
        try {
            posts_.emplace_back(text);
            comments_.emplace_back(text);
        } catch (const app::base::Error&) {  // no text, or none at all: refused before any database is asked
        }
    }
}

ModelCall ModelCalls::next_read() {
    const std::size_t kind = below(6);
    return kind < 2 ? user_read() : kind < 3 ? slice_read() : list_read();
}

ModelCall ModelCalls::next_write() {
    switch (below(10)) {
        case 0:
        case 1: return add_user();
        case 2: return user_write();
        case 3:
        case 4:
        case 5: return post_write();
        case 6:
        case 7: return comment_write();
        default: return follow_write();
    }
}

ModelCall ModelCalls::user_read() {
    const auto id = reference();
    const std::string name = this->name(), email = this->email(), role = this->role();
    switch (below(9)) {
        case 0:
            return {"find_user " + id.words(), false,
                    [=](Connection& c, Made& made) { return text(made, find_user(c, id.in(made.users))); }};
        case 1:
            return {"get_user " + id.words(), false,
                    [=](Connection& c, Made& made) { return text(made, get_user(c, id.in(made.users))); }};
        case 2:
            return {"find_user_by_email " + shown(email), false,
                    [=](Connection& c, Made& made) { return text(made, find_user_by_email(c, email)); }};
        case 3:
            return {"find_user_by_username " + shown(name), false,
                    [=](Connection& c, Made& made) { return text(made, find_user_by_username(c, name)); }};
        case 4:
            return {"find_credentials " + shown(email), false,
                    [=](Connection& c, Made& made) { return text(made, find_credentials(c, email)); }};
        case 5:
            return {"find_role " + shown(role), false, [=](Connection& c, Made& made) { return text(made, find_role(c, role)); }};
        case 6:
            return {"list_roles, default_role", false,
                    [=](Connection& c, Made& made) { return text(made, list_roles(c)) + text(made, default_role(c)); }};
        case 7:
            return {"make_api_token " + id.words(), false, [=, this](Connection& c, Made& made) {
                        const auto user = get_user(c, id.in(made.users));
                        made.tokens.push_back(make_api_token(signer_, user, Timestamp{}));
                        return text(made, user);
                    }};
        default:
            return {"find_token_user " + id.words(), false, [=, this](Connection& c, Made& made) {
                        const std::string token = made.tokens.empty() ? "" : made.tokens[id.number % made.tokens.size()];
                        return text(made, find_token_user(c, signer_, token, Timestamp{}));
                    }};
    }
}

ModelCall ModelCalls::list_read() {
    const auto id = reference(), other = reference();
    constexpr std::int64_t far_pages[] = {1'000'000, std::numeric_limits<std::int64_t>::max(), 1LL << 58};
    constexpr int sizes[] = {1, 2, 3, 7, 20, 50, std::numeric_limits<int>::max()};
    const std::size_t size = below(60);
    const PageRequest page{below(20) == 0 ? far_pages[below(3)] : static_cast<std::int64_t>(1 + below(below(2) == 0 ? 4 : 40)),
                           size == 0 ? sizes[6] : sizes[size % 6]};
    const std::string words = " page " + std::to_string(page.page) + " by " + std::to_string(page.per_page);
    switch (below(14)) {
        case 0: return {"list_posts" + words, false, [=](Connection& c, Made& made) { return text(made, list_posts(c, page)); }};
        case 1:
            return {"list_newest_posts" + words, false,
                    [=](Connection& c, Made& made) { return text(made, list_newest_posts(c, page)); }};
        case 2:
            return {"list_posts_of_author " + id.words() + words, false,
                    [=](Connection& c, Made& made) { return text(made, list_posts_of_author(c, id.in(made.users), page)); }};
        case 3:
        case 4:
            return {"list_timeline " + id.words() + words, false,
                    [=](Connection& c, Made& made) { return text(made, list_timeline(c, id.in(made.users), page)); }};
        case 5:
            return {"list_comments_of_post " + id.words() + words, false,
                    [=](Connection& c, Made& made) { return text(made, list_comments_of_post(c, id.in(made.posts), page)); }};
        case 6:
            return {"list_newest_comments" + words, false,
                    [=](Connection& c, Made& made) { return text(made, list_newest_comments(c, page)); }};
        case 7:
            return {"find_post " + id.words(), false,
                    [=](Connection& c, Made& made) { return text(made, find_post(c, id.in(made.posts))); }};
        case 8:
            return {"get_post " + id.words(), false,
                    [=](Connection& c, Made& made) { return text(made, get_post(c, id.in(made.posts))); }};
        case 9:
            return {"find_comment " + id.words(), false,
                    [=](Connection& c, Made& made) { return text(made, find_comment(c, id.in(made.comments))); }};
        case 10:
            return {"find_any_comment " + id.words(), false,
                    [=](Connection& c, Made& made) { return text(made, find_any_comment(c, id.in(made.comments))); }};
        case 11:
            return {"list_followers, list_following " + id.words() + words, false, [=](Connection& c, Made& made) {
                        return text(made, list_followers(c, id.in(made.users), page)) +
                               text(made, list_following(c, id.in(made.users), page));
                    }};
        case 12:
            return {"get_comment " + id.words(), false,
                    [=](Connection& c, Made& made) { return text(made, get_comment(c, id.in(made.comments))); }};
        default:
            return {"is_following " + id.words() + " " + other.words(), false,
                    [=](Connection& c, Made& made) { return text(is_following(c, id.in(made.users), other.in(made.users))); }};
    }
}

// Behind an item that was made before, or from the beginning.
ModelCall ModelCalls::slice_read() {
    const auto id = reference(), after = reference();
    const bool from_beginning = below(4) == 0;
    const int limit = static_cast<int>(1 + below(below(2) == 0 ? 3 : 120));
    const auto request = [=](const Ids& ids) {
        return CursorRequest{from_beginning ? std::nullopt : std::optional(after.in(ids)), limit};
    };
    const std::string words =
        " " + id.words() + " after " + (from_beginning ? "none" : after.words()) + " limit " + std::to_string(limit);
    const auto call = [&](std::string name, auto list) { return ModelCall{std::move(name) + words, false, list}; };
    switch (below(7)) {
        case 0:
            return call("list_posts_after",
                        [=](Connection& c, Made& made) { return text(made, list_posts_after(c, request(made.posts))); });
        case 1:
            return call("list_posts_of_author_after", [=](Connection& c, Made& made) {
                return text(made, list_posts_of_author_after(c, id.in(made.users), request(made.posts)));
            });
        case 2:
            return call("list_comments_of_post_after", [=](Connection& c, Made& made) {
                return text(made, list_comments_of_post_after(c, id.in(made.posts), request(made.comments)));
            });
        case 3:
            return call("list_newest_comments_after", [=](Connection& c, Made& made) {
                return text(made, list_newest_comments_after(c, request(made.comments)));
            });
        case 4:
            return call("list_followers_after, list_following_after", [=](Connection& c, Made& made) {
                return text(made, list_followers_after(c, id.in(made.users), request(made.users))) +
                       text(made, list_following_after(c, id.in(made.users), request(made.users)));
            });
        default:
            return call("list_timeline_after", [=](Connection& c, Made& made) {
                return text(made, list_timeline_after(c, id.in(made.users), request(made.posts)));
            });
    }
}

ModelCall ModelCalls::add_user() {
    NewUser user{.email = email(), .username = name(), .password_hash = "hash", .role = {}, .confirmed = below(2) == 0};
    if (below(12) == 0) user.password_hash = odd();
    if (below(4) == 0) user.role = role();
    const std::string admin = below(8) == 0 ? email() : "";
    const auto now = time();
    return {"add_user " + shown(user.email) + " " + shown(user.username) + " " + shown(user.password_hash) + " role " +
                (user.role ? shown(*user.role) : "none") + " admin " + shown(admin) + " at " + text(now),
            true, [=](Connection& c, Made& made) {
                const User added = app::models::add_user(c, user, admin, now);
                made.users.push_back(added.id);
                return text(made, added);
            }};
}

ModelCall ModelCalls::user_write() {
    const auto id = reference();
    const std::string role = this->role(), hash = below(8) == 0 ? odd() : "hash " + std::to_string(below(1000));
    const auto now = time();
    // What a call changed shows in the account that it leaves.
    const auto changing = [&](std::string words, auto change) -> ModelCall {
        return {std::move(words), true, [=](Connection& c, Made& made) {
                    change(c, id.in(made.users));
                    return text(made, find_user(c, id.in(made.users)));
                }};
    };
    switch (below(6)) {
        case 0:
            return changing("change_password " + id.words() + " " + shown(hash),
                            [=](Connection& c, std::int64_t user) { change_password(c, user, hash); });
        case 1:
            return changing("change_role " + id.words() + " " + shown(role),
                            [=](Connection& c, std::int64_t user) { change_role(c, user, role); });
        case 2: return changing("confirm_user " + id.words(), [](Connection& c, std::int64_t user) { confirm_user(c, user); });
        case 3: return {"insert_roles", true, [](Connection& c, Made&) { return std::to_string(insert_roles(c)); }};
        default:
            return changing("touch_last_seen " + id.words() + " " + text(now),
                            [=](Connection& c, std::int64_t user) { touch_last_seen(c, user, now); });
    }
}

ModelCall ModelCalls::post_write() {
    const auto id = reference();
    const std::size_t number = below(posts_.size());
    const auto now = time();
    const std::string words = id.words() + " body " + std::to_string(number) + " at " + text(now);
    if (below(3) > 0) {
        return {"add_post by " + words, true, [=, this](Connection& c, Made& made) {
                    const Post post = add_post(c, id.in(made.users), posts_[number], now);
                    made.posts.push_back(post.id);
                    return text(made, post);
                }};
    }
    if (below(3) == 0) {
        return {"remove_post " + id.words(), true, [=](Connection& c, Made& made) {
                    remove_post(c, id.in(made.posts));
                    return text(made, find_post(c, id.in(made.posts)));
                }};
    }
    return {"change_post_body " + words, true, [=, this](Connection& c, Made& made) {
                return text(made, change_post_body(c, id.in(made.posts), posts_[number], now));
            }};
}

ModelCall ModelCalls::comment_write() {
    const auto id = reference(), author = reference();
    const std::size_t number = below(comments_.size());
    const auto now = time();
    if (below(2) == 0) {
        return {"add_comment to " + id.words() + " by " + author.words() + " body " + std::to_string(number) + " at " + text(now),
                true, [=, this](Connection& c, Made& made) {
                    const Comment comment = add_comment(c, id.in(made.posts), author.in(made.users), comments_[number], now);
                    made.comments.push_back(comment.id);
                    return text(made, comment);
                }};
    }
    if (below(4) == 0) {
        return {"remove_comment " + id.words(), true, [=](Connection& c, Made& made) {
                    remove_comment(c, id.in(made.comments));
                    return text(made, find_any_comment(c, id.in(made.comments)));
                }};
    }
    if (below(4) == 0) {
        return {"change_comment_body " + id.words() + " body " + std::to_string(number) + " at " + text(now), true,
                [=, this](Connection& c, Made& made) {
                    return text(made, change_comment_body(c, id.in(made.comments), comments_[number], now));
                }};
    }
    const bool disabled = below(2) == 0;
    return {"change_comment_disabled " + id.words() + " " + text(disabled), true, [=](Connection& c, Made& made) {
                change_comment_disabled(c, id.in(made.comments), disabled);
                return text(made, find_comment(c, id.in(made.comments)));
            }};
}

ModelCall ModelCalls::follow_write() {
    auto id = reference(), other = reference();
    if (below(10) == 0) other = id;
    const auto now = time();
    const std::string words = id.words() + " " + other.words();
    switch (below(8)) {
        case 0:
            return {"add_self_follows, mend_counts", true, [](Connection& c, Made&) {
                        if (mend_counts(c) != 0) throw std::logic_error("a count that is kept was wrong");
                        return std::to_string(add_self_follows(c));
                    }};
        case 1:
        case 2:
            return {"unfollow " + words, true,
                    [=](Connection& c, Made& made) { return text(unfollow(c, id.in(made.users), other.in(made.users))); }};
        default:
            return {"follow " + words + " at " + text(now), true,
                    [=](Connection& c, Made& made) { return text(follow(c, id.in(made.users), other.in(made.users), now)); }};
    }
}

ModelCalls::Reference ModelCalls::reference() { return {below(1'000'000), below(9) == 0}; }

// Few enough that many are taken already, in letters of any case.
std::string ModelCalls::name() {
    if (below(7) == 0) return odd();
    std::string name = "name" + std::to_string(below(700));
    for (char& letter : name) {
        if (letter >= 'a' && below(4) == 0) letter = static_cast<char>(letter - 'a' + 'A');
    }
    return name;
}

std::string ModelCalls::email() {
    constexpr std::string_view domains[] = {"example.com",        "EXAMPLE.com",        "ex\xc3\xa4mple.com",
                                            "EX\xc3\x84MPLE.com", "\U0001f600.example", "\U0001f47d.example",
                                            "a-b.example",        "-bad.example"};
    if (below(12) == 0) return odd();
    std::string email = name() + "@" + std::string(domains[below(3) == 0 ? below(std::size(domains)) : 0]);
    if (below(10) == 0) email.insert(0, " ");
    if (below(10) == 0) email += " ";
    return email;
}

std::string ModelCalls::role() {
    constexpr std::string_view roles[] = {"User", "Moderator", "Administrator", "user", "User ", "\xc3\x9cser"};
    return below(4) == 0 ? odd() : std::string(roles[below(std::size(roles))]);
}

std::string ModelCalls::odd() { return odd_texts()[below(odd_texts().size())]; }

// Anything from the year 1 to 9999, mostly of our days, to the microsecond.
Timestamp ModelCalls::time() {
    constexpr std::int64_t first = -62'135'596'800'000'000, last = 253'402'300'799'999'999, today = 1'795'337'946'123'456;
    switch (below(20)) {
        case 0: return app::base::from_microseconds(first + static_cast<std::int64_t>(below(last - first)));
        case 1: return app::base::from_microseconds(below(2) == 0 ? first : last);
        default: return app::base::from_microseconds(today + static_cast<std::int64_t>(below(100'000'000'000)));
    }
}

}  // namespace tests
