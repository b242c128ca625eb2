#include "app/models/seed.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <string_view>
#include <utility>
#include <vector>

#include "app/base/error.hpp"
#include "app/models/names.hpp"
#include "app/models/role.hpp"
#include "app/models/seed_texts.hpp"
#include "app/models/totals.hpp"

namespace app::models {

namespace {

using base::Timestamp;
using db::Connection;
using db::Value;
using std::chrono::minutes;

constexpr std::int64_t users_per_block = 500;
constexpr std::int64_t posts_per_block = 2000;
constexpr std::int64_t authors_per_block = 40;  // each one's count is changed once per block
constexpr std::int64_t famous_users = 20;       // the first, whom users of all blocks follow
constexpr std::size_t rows_per_statement = 50;
constexpr Timestamp start{std::chrono::sys_days{std::chrono::year{2020} / 1 / 1}};

// Rows of one table on their way into it, many per statement. Texts are not copied: they live until finish() has returned.
class Inserter {
   public:
    Inserter(Connection& connection, const std::string& table, const std::string& columns)
        : connection_(connection),
          start_("INSERT INTO " + table + " (" + columns + ") VALUES "),
          columns_(static_cast<std::size_t>(std::ranges::count(columns, ',')) + 1),
          many_(sql(rows_per_statement)) {}

    template <class... Values>
    void add(const Values&... values) {
        (values_.push_back(db::to_value(values)), ...);
        if (values_.size() == rows_per_statement * columns_) {
            connection_.run(many_, values_.data(), values_.size(), [](const db::Row&) {});
            values_.clear();
        }
    }

    // One by one, so that there are only two statements per table.
    void finish() {
        const std::string one = sql(1);
        for (std::size_t i = 0; i < values_.size(); i += columns_) {
            connection_.run(one, values_.data() + i, columns_, [](const db::Row&) {});
        }
        values_.clear();
    }

   private:
    std::string sql(std::size_t rows) const {
        std::string row = "(?";
        for (std::size_t i = 1; i < columns_; ++i) row += ", ?";
        row += ")";
        std::string text = start_ + row;
        for (std::size_t i = 1; i < rows; ++i) text += ", " + row;
        return text;
    }

    Connection& connection_;
    std::string start_;
    std::size_t columns_;
    std::string many_;
    std::vector<Value> values_;
};

struct SeededUser {
    std::int64_t id;
    std::string username, key, email;
    Timestamp member_since;
    std::int64_t followers = 0;
    std::vector<std::int64_t> follows;  // ids, ascending, themself too
};

struct SeededPost {
    std::int64_t id, author_id;
    std::size_t body;
    Timestamp created_at;
    bool changed;
    std::int64_t comments = 0;  // enabled ones
};

struct SeededComment {
    std::int64_t post_id, author_id;
    std::size_t body;
    Timestamp created_at;
    bool disabled;
};

using Changes = std::map<std::int64_t, std::int64_t>;  // by id, or by slot

// Everything is drawn before it is written, since a write may run twice.
class Seeding {
   public:
    Seeding(db::Database& database, const SeedRequest& request, const std::function<void(std::int64_t)>& on_rows)
        : database_(database),
          request_(request),
          on_rows_(on_rows),
          dice_(request.seed),
          post_bodies_(make_post_bodies(dice_)),
          comment_bodies_(make_comment_bodies(dice_)) {
        database_.read([this](Connection& c) {
            role_id_ = default_role(c).id;
            first_user_ = c.integer("SELECT MAX(id) FROM users") + 1;
            first_post_ = c.integer("SELECT MAX(id) FROM posts") + 1;
            next_comment_ = c.integer("SELECT MAX(id) FROM comments") + 1;
        });
    }

    void run() {
        for (std::int64_t done = 0; done < request_.users; done += users_per_block) {
            add_users(done, std::min(users_per_block, request_.users - done));
        }
        for (std::int64_t done = 0; done < request_.posts; done += posts_per_block) {
            add_posts(done, std::min(posts_per_block, request_.posts - done));
        }
    }

   private:
    void add_users(std::int64_t done, std::int64_t count) {
        std::vector<SeededUser> users;
        for (std::int64_t i = done; i < done + count; ++i) {
            const std::int64_t id = first_user_ + i;
            const std::string name = make_username(dice_, id);
            const std::string key = username_key(name);
            users.push_back({id, name, key, key + "@example.com", start + minutes{i}, 0, {}});
        }
        Changes fame;  // of users of earlier blocks
        for (SeededUser& user : users) draw_follows(user, done, count, users, fame);
        write([&](Connection& c) { insert_users(c, users, fame); }, count);
    }

    void draw_follows(SeededUser& user, std::int64_t done, std::int64_t count, std::vector<SeededUser>& users, Changes& fame) {
        std::set<std::int64_t> ids{user.id};
        for (std::int64_t left = dice_.skewed_below(30); left > 0; --left) {
            const bool famous = dice_.one_in(4);
            const std::int64_t index =
                famous ? dice_.below(std::min(famous_users, done + count)) : done + dice_.skewed_below(count);
            if (!ids.insert(first_user_ + index).second) continue;
            if (index >= done) {
                ++users[static_cast<std::size_t>(index - done)].followers;
            } else {
                ++fame[first_user_ + index];
            }
        }
        user.follows.assign(ids.begin(), ids.end());
    }

    void insert_users(Connection& c, const std::vector<SeededUser>& users, const Changes& fame) const {
        Inserter rows(c, "users",
                      "id, email, username, username_key, password_hash, confirmed, role_id, member_since, last_seen, "
                      "follower_count, following_count");
        for (const SeededUser& user : users) {
            rows.add(user.id, user.email, user.username, user.key, request_.password_hash, true, role_id_, user.member_since,
                     user.member_since, user.followers, std::ssize(user.follows) - 1);
        }
        rows.finish();
        Inserter follows(c, "follows", "follower_id, followed_id, created_at");
        for (const SeededUser& user : users) {
            for (const std::int64_t followed : user.follows) follows.add(user.id, followed, user.member_since);
        }
        follows.finish();
        for (const auto& [id, more] : fame) {
            c.execute("UPDATE users SET follower_count = follower_count + ?, version = version + 1 WHERE id = ?", more, id);
        }
    }

    void add_posts(std::int64_t done, std::int64_t count) {
        std::vector<std::int64_t> authors;
        authors.reserve(authors_per_block);
        for (std::int64_t i = 0; i < authors_per_block; ++i) {
            authors.push_back(first_user_ + (i % 2 == 0 ? dice_.below(request_.users) : dice_.skewed_below(request_.users)));
        }
        std::vector<SeededPost> posts;
        Changes written;
        for (std::int64_t i = done; i < done + count; ++i) {
            const std::int64_t author = authors[static_cast<std::size_t>(dice_.below(authors_per_block))];
            const auto body = static_cast<std::size_t>(dice_.below(std::ssize(post_bodies_)));
            posts.push_back({first_post_ + i, author, body, time_of_post(i), dice_.one_in(20)});
            ++written[author];
        }
        // As large a part of the comments as of the posts.
        const std::int64_t before = share(done), behind = share(done + count);
        std::vector<SeededComment> comments;
        for (std::int64_t i = before; i < behind; ++i) {
            SeededPost& post = posts[static_cast<std::size_t>(dice_.skewed_below(count))];
            const std::int64_t author = first_user_ + dice_.below(request_.users);
            const auto body = static_cast<std::size_t>(dice_.below(std::ssize(comment_bodies_)));
            comments.push_back({post.id, author, body, time_of_post(done + count), dice_.one_in(50)});
            if (!comments.back().disabled) ++post.comments;
        }
        const std::int64_t first_comment = std::exchange(next_comment_, next_comment_ + std::ssize(comments));
        write(
            [&](Connection& c) {
                insert_posts(c, posts);
                insert_comments(c, first_comment, comments);
                count_posts(c, written, posts);
            },
            count + std::ssize(comments));
    }

    void insert_posts(Connection& c, const std::vector<SeededPost>& posts) const {
        Inserter rows(c, "posts", "id, author_id, body, body_html, created_at, updated_at, comment_count, version");
        for (const SeededPost& post : posts) {
            const PostBody& body = post_bodies_[post.body];
            rows.add(post.id, post.author_id, body.source(), body.html(), post.created_at,
                     post.created_at + minutes{post.changed ? 1 : 0}, post.comments, post.changed ? 2 : 1);
        }
        rows.finish();
    }

    void insert_comments(Connection& c, std::int64_t id, const std::vector<SeededComment>& comments) const {
        Inserter rows(c, "comments", "id, post_id, author_id, body, body_html, created_at, disabled, version");
        for (const SeededComment& comment : comments) {
            const CommentBody& body = comment_bodies_[comment.body];
            rows.add(id++, comment.post_id, comment.author_id, body.source(), body.html(), comment.created_at, comment.disabled,
                     comment.disabled ? 2 : 1);
        }
        rows.finish();
    }

    static void count_posts(Connection& c, const Changes& written, const std::vector<SeededPost>& posts) {
        Changes of_authors, of_posts;  // by slot
        for (const auto& [author, count] : written) {
            c.execute("UPDATE users SET post_count = post_count + ?, version = version + 1 WHERE id = ?", count, author);
            of_authors[slot_of(author)] += count;
        }
        for (const SeededPost& post : posts) of_posts[slot_of(post.id)] += post.comments;
        for (const auto& [slot, count] : of_authors) change_total(c, Total::posts, slot, count);
        for (const auto& [slot, count] : of_posts) change_total(c, Total::comments, slot, count);
    }

    template <class Fn>
    void write(Fn fn, std::int64_t rows) {
        try {
            database_.write(fn);
        } catch (const base::Error& error) {
            if (error.code() != base::Code::conflict) throw;
            throw base::Error(base::Code::conflict,
                              "somebody else has added rows meanwhile, or an account has a name that this one would give: " +
                                  std::to_string(rows_) + " rows were added, and stay",
                              error.detail());
        }
        rows_ += rows;
        if (on_rows_) on_rows_(rows_);
    }

    // Five years from the last account on.
    Timestamp time_of_post(std::int64_t index) const {
        constexpr std::int64_t span_us = 5LL * 365 * 24 * 3600 * 1'000'000;
        return start + minutes{request_.users} + std::chrono::microseconds{span_us / request_.posts * index};
    }

    std::int64_t share(std::int64_t posts) const { return request_.comments * posts / request_.posts; }

    db::Database& database_;
    const SeedRequest& request_;
    const std::function<void(std::int64_t)>& on_rows_;
    Dice dice_;
    std::vector<PostBody> post_bodies_;
    std::vector<CommentBody> comment_bodies_;
    std::int64_t role_id_ = 0, first_user_ = 0, first_post_ = 0, next_comment_ = 0;
    std::int64_t rows_ = 0;
};

void check(const SeedRequest& request) {
    constexpr std::int64_t rows_max = 1'000'000'000;  // of a kind: their product fits
    for (const std::int64_t count : {request.users, request.posts, request.comments}) {
        if (count < 0 || count > rows_max) {
            throw base::Error(base::Code::invalid, "as many users, posts or comments cannot be added: from 0 to " +
                                                       std::to_string(rows_max) + " of each can");
        }
    }
    if (request.posts > 0 && request.users == 0) throw base::Error(base::Code::invalid, "posts need users who write them");
    if (request.comments > 0 && request.posts == 0) throw base::Error(base::Code::invalid, "comments need posts");
}

}  // namespace

void seed(db::Database& database, const SeedRequest& request, const std::function<void(std::int64_t)>& on_rows) {
    check(request);
    Seeding(database, request, on_rows).run();
}

}  // namespace app::models
