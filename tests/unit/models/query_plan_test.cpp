// Every statement of the models reaches its rows through an index, in order, on both backends, with statistics as a filled database
// has them. The SQL is not repeated here: a connection that explains each statement before it runs is put between the models and the
// database. A statement in the sources that no call below has run fails the test as one without an index does.
#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <regex>
#include <set>

#include "app/base/secret.hpp"
#include "app/models/account_tokens.hpp"
#include "app/models/idempotency.hpp"
#include "app/models/outbox.hpp"
#include "tests/unit/models/blog.hpp"

using namespace app;
using namespace app::models;

namespace {

bool is_small(std::string_view table) { return table == "roles" || table == "totals"; }  // at most 64 rows

// One step of a plan, as far as the tests look at it.
struct Step {
    std::string text;  // all of it, for people
    bool is_bad = false;
};

Step sqlite_step(const db::Row& row) {
    const std::string detail{row.text(3)};  // id, parent, notused, detail
    const bool scans = detail.starts_with("SCAN ") && !is_small(detail.substr(5)) && detail != "SCAN CONSTANT ROW";
    return {detail, scans || detail.find("TEMP B-TREE") != std::string::npos};
}

Step mysql_step(const db::Row& row) {
    std::string table, type, extra, text;
    for (int i = 0; i < row.columns(); ++i) {
        const std::string name{row.name(i)}, value{row.text(i)};
        (name == "table" ? table : name == "type" ? type : name == "Extra" ? extra : text) += value;
        text += name + "=" + value + " ";
    }
    const bool scans = (type == "ALL" || type == "index") && !table.starts_with("<union");
    const bool sorts = extra.find("filesort") != std::string::npos || extra.find("temporary") != std::string::npos;
    return {text, (scans || sorts) && !is_small(table)};
}

class ExplainingConnection final : public db::Connection {
   public:
    explicit ExplainingConnection(db::Connection& connection) : connection_(connection) {}

    const db::Dialect& dialect() const override { return connection_.dialect(); }

    db::Outcome run(std::string_view sql, const db::Value* values, std::size_t value_count,
                    base::FunctionRef<void(const db::Row&)> each) override {
        if (!sql.starts_with("INSERT") || sql.find("SELECT") != std::string_view::npos) explain(sql, values, value_count);
        statements.emplace(sql);
        return connection_.run(sql, values, value_count, each);
    }

    std::set<std::string> statements;
    std::string complaints;

   private:
    void explain(std::string_view sql, const db::Value* values, std::size_t value_count) {
        const bool sqlite = dialect().name == "sqlite";
        std::string plan;
        bool is_bad = false;
        auto note = [&](const db::Row& row) {
            const Step step = sqlite ? sqlite_step(row) : mysql_step(row);
            plan += "  " + step.text + "\n";
            is_bad = is_bad || step.is_bad;
        };
        connection_.run((sqlite ? "EXPLAIN QUERY PLAN " : "EXPLAIN ") + std::string{sql}, values, value_count, note);
        if (is_bad && !statements.contains(std::string{sql})) complaints += std::string{sql} + "\n" + plan;
    }

    db::Connection& connection_;
};

// Enough rows that a server which reads a whole table instead of an index would be wrong to do so.
void fill(db::Connection& c) {
    const std::string numbers = "WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < ?) ";
    const auto now = base::from_microseconds(1'800'000'000'000'000);
    c.execute(
        "INSERT INTO users (id, email, username, username_key, password_hash, role_id, member_since, last_seen, post_count, "
        "follower_count, following_count) " +
            numbers +
            "SELECT n, 'user' || n || '@example.com', 'user' || n, 'user' || n, 'hash', (SELECT MIN(id) FROM roles), ?, ?, 4, "
            "20, 20 FROM numbers",
        200, now, now);
    c.execute("INSERT INTO posts (id, author_id, body, body_html, created_at, updated_at, comment_count) " + numbers +
                  "SELECT n, n % 200 + 1, 'body', 'body', ?, ?, 2 FROM numbers",
              900, now, now);
    for (const int times : {1, 2, 3}) {  // MariaDB ends a recursion after 1000 steps
        c.execute("INSERT INTO comments (post_id, author_id, body, body_html, created_at, disabled) " + numbers +
                      "SELECT n, (n * ?) % 200 + 1, 'body', 'body', ?, CASE WHEN n % 50 = 0 THEN 1 ELSE 0 END FROM numbers",
                  900, times, now);
    }
    c.execute("INSERT INTO follows (follower_id, followed_id, created_at) SELECT a.id, b.id, ? FROM users AS a, users AS b "
              "WHERE (a.id + b.id) % 10 = 0 OR a.id = b.id",
              now);
    c.execute("UPDATE totals SET amount = 30 WHERE name = 'posts'");
    c.execute("UPDATE totals SET amount = 80 WHERE name = 'comments'");
    c.execute("INSERT INTO idempotency_keys (user_id, key_hash, fingerprint, status, location, etag, media_type, body, "
              "created_at) " +
                  numbers + "SELECT n % 200 + 1, 'key' || n, '', 201, '', '', '', '', ? FROM numbers",
              900, now - answer_lifetime);
    c.execute(
        "INSERT INTO mails (state, sender, recipients, subject, body_text, body_html, message_id, dated_at, created_at, "
        "queued_at, attempts, due_at, lease, last_stage, last_trouble, last_words, finished_at) " +
            numbers +
            "SELECT CASE WHEN n < 9 THEN 'queued' WHEN n < 40 THEN 'failed' ELSE 'sent' END, '', '', '', '', '', '', ?, ?, ?, 1, "
            "CASE WHEN n < 9 THEN ? ELSE NULL END, '', '', '', '', CASE WHEN n < 9 THEN NULL ELSE ? END FROM numbers",
        900, now, now, now, now, now);
    if (c.dialect().name == "sqlite") {
        c.execute("ANALYZE");
    } else {
        for (const char* table : {"users", "posts", "comments", "follows", "totals", "idempotency_keys", "mails"}) {
            c.each("ANALYZE TABLE " + std::string(table), [](const db::Row&) {});
        }
    }
}

void read_all(db::Connection& c) {
    const PageRequest pages[] = {{1, 20}, {2, 5}, {1'000'000, 20}};
    for (const PageRequest page : pages) {
        list_posts(c, page), list_newest_posts(c, page), list_posts_of_author(c, 2, page), list_timeline(c, 2, page);
        list_comments_of_post(c, 2, page), list_newest_comments(c, page);
        list_followers(c, 2, page), list_following(c, 2, page);
    }
    for (const PageRequest last : {PageRequest{45, 20}, PageRequest{44, 20}}) list_posts(c, last), list_newest_posts(c, last);
    list_newest_comments(c, {120, 20}), list_timeline(c, 2, {16, 5}), list_posts_of_author(c, 2, {2, 3});
    list_comments_of_post(c, 2, {2, 1}), list_followers(c, 2, {4, 5}), list_following(c, 2, {4, 5});
    for (const CursorRequest slice : {CursorRequest{{}, 20}, CursorRequest{450, 100}}) {
        list_posts_after(c, slice), list_posts_of_author_after(c, 2, slice), list_timeline_after(c, 2, slice);
        list_comments_of_post_after(c, 2, slice), list_newest_comments_after(c, slice);
        list_followers_after(c, 2, slice), list_following_after(c, 2, slice), list_users_after(c, slice);
    }
    find_user(c, 2), find_user_by_email(c, "user2@example.com"), find_user_by_username(c, "user2");
    find_post(c, 2), find_comment(c, 2), find_any_comment(c, 2), is_following(c, 1, 9);
    find_stored_answer(c, 2, "key", base::now());
    has_due_mail(c, base::now()), find_mail(c, 2), list_mails(c, {}, {}, 20);
    list_mails(c, MailState::sent, 500, 20);
    count_mails(c, MailState::queued);
    find_role(c, "User"), default_role(c), list_roles(c);
    for (const char* table : {"users", "posts", "comments"}) {  // seed(), which takes a whole database
        c.integer("SELECT MAX(id) FROM " + std::string(table));
    }
}

void use_tokens(db::Connection& c, std::int64_t id) {
    const base::Signer signer{std::string(32, 'k'), {}};
    const auto now = base::now();
    const auto user = [&] { return get_user(c, id); };
    use_confirmation(c, signer, make_confirmation_token(signer, user().email, user().token_version, now), now);
    use_reset(c, signer, make_reset_token(signer, user().email, user().token_version, now), "hash", now);
    use_email_change(c, signer, make_email_change_token(signer, user(), "new@example.com", now), now);
}

void write_all(db::Connection& c) {
    const PostBody body{"text"};
    const CommentBody comment_body{"text"};
    const User ann = add_user(c, {.email = "ann@example.com", .username = "ann", .password_hash = "hash", .role = {}}, "");
    const Post post = add_post(c, ann.id, body);
    lock_post(c, post.id);
    change_post_body(c, post.id, body);
    const Comment first = add_comment(c, post.id, ann.id, comment_body);
    lock_comment(c, first.id);
    change_comment_body(c, first.id, comment_body);
    change_comment_disabled(c, first.id, true);
    remove_comment(c, first.id);
    remove_post(c, post.id);
    follow(c, ann.id, 1);
    unfollow(c, ann.id, 1);
    change_password(c, ann.id, "hash");
    change_role(c, ann.id, "Moderator");
    confirm_user(c, ann.id);
    touch_last_seen(c, ann.id, base::now() + std::chrono::hours{1});
    use_tokens(c, ann.id);
    store_answer(c, ann.id, "key", {}, base::from_microseconds(1'800'000'000'000'000));
    const base::Timestamp late = base::from_microseconds(1'900'000'000'000'000);
    const Mail mail = claim_mail(c, "lease", late, late + std::chrono::hours{1}).value();
    put_mail_back(c, mail.id, "lease", {}, late), mark_mail_failed(c, mail.id, "lease", {}, late);
    retry_mail(c, mail.id), retry_failed_mails(c), purge_mails(c, MailState::sent, late, 2);
    c.execute("UPDATE roles SET permissions = 0 WHERE name = 'User'");
    insert_roles(c);
}

// What only `manage` runs, and reads whole tables for.
void read_whole_tables(db::Connection& c) {
    list_users(c);
    add_self_follows(c);
    c.execute("UPDATE users SET follower_count = 99 WHERE id = 1");
    mend_counts(c);
}

// The literals of the models that begin like a statement.
std::set<std::string> statements_in_sources() {
    const std::regex literal(R"re("((SELECT|UPDATE|DELETE|WITH) [^"]*)")re");
    std::set<std::string> found;
    for (const auto& file : std::filesystem::directory_iterator("app/models")) {
        if (file.path().extension() != ".cpp") continue;
        std::ifstream stream(file.path());
        const std::string text{std::istreambuf_iterator<char>(stream), {}};
        for (std::sregex_iterator match(text.begin(), text.end(), literal), end; match != end; ++match) found.insert((*match)[1]);
    }
    return found;
}

}  // namespace

TEST_CASE("every statement of the models uses an index and sorts nothing, and all were looked at") {
    Blog blog;
    blog.write(fill);
    std::set<std::string> run;
    blog.write([&](db::Connection& c) {
        ExplainingConnection explaining{c};
        read_all(explaining);
        write_all(explaining);
        CHECK(explaining.complaints == "");
        run = explaining.statements;
        read_whole_tables(explaining);
        run.merge(explaining.statements);
    });
    const auto statements = statements_in_sources();
    CHECK(statements.size() > 30);
    for (const std::string& statement : statements) {
        const bool was_run = std::ranges::any_of(run, [&](const std::string& sql) { return sql.find(statement) != sql.npos; });
        CHECK_MESSAGE(was_run, "call the function that runs this, so that its plan is looked at: " << statement);
    }
}

TEST_CASE("a statement without an index is complained about") {
    Blog blog;
    blog.write(fill);
    const auto complaints_of = [&](const std::string& sql) {
        return blog.read([&](db::Connection& c) {
            ExplainingConnection explaining{c};
            explaining.each(sql, [](const db::Row&) {});
            return explaining.complaints;
        });
    };
    CHECK(complaints_of("SELECT id FROM posts WHERE id = 7") == "");
    CHECK(complaints_of("SELECT id FROM posts WHERE body = 'x'") != "");
    CHECK(complaints_of("SELECT COUNT(*) FROM comments WHERE body = 'x'") != "");
    CHECK(complaints_of("SELECT body FROM posts WHERE author_id = 7 ORDER BY created_at LIMIT 5") != "");
}
