// The benchmark's data, the same bytes every time: 1,000 users, 10,000 posts with bodies of 500 bytes, 50,000 comments.
// Usage: bench_fill DATABASE_URL, an SQLite file that is made or an empty MySQL database, with SECRET_KEY in the environment.
// Prints the value of an Authorization header that is good for a day: the token of a user who may write.
#include <chrono>
#include <cstdio>
#include <random>
#include <string>

#include "app/base/text.hpp"
#include "app/db/database.hpp"
#include "app/db/migrate.hpp"
#include "app/models/authentication.hpp"
#include "app/models/comment.hpp"
#include "app/models/post.hpp"
#include "app/models/role.hpp"
#include "app/models/user.hpp"
#include "tests/bench/work.hpp"

namespace {

using app::db::Connection;
using namespace std::chrono_literals;
namespace models = app::models;

constexpr int users = 1'000, posts = 10'000, comments = 50'000;
constexpr std::size_t post_bytes = 500, comment_bytes = 100;
constexpr app::base::Timestamp start{std::chrono::sys_days{std::chrono::year{2026} / 1 / 1}};

// std::uniform_int_distribution gives other numbers with another library.
class Dice {
   public:
    int below(int limit) { return static_cast<int>(engine_() % static_cast<unsigned>(limit)); }

    // Words in paragraphs, some of them *marked* or `quoted`; exactly so many bytes.
    std::string text(std::size_t bytes) {
        std::string text;
        while (text.size() < bytes) {
            if (!text.empty()) text += below(40) == 0 ? "\n\n" : " ";
            const int kind = below(30);
            const char* mark = kind == 0 ? "*" : kind == 1 ? "`" : "";
            text += mark;
            for (int letters = 2 + below(8); letters > 0; --letters) text += static_cast<char>('a' + below(26));
            text += mark;
        }
        text.resize(bytes - 1);
        return text + ".";
    }

   private:
    std::mt19937 engine_{20260101};
};

void add_rows(Connection& connection) {
    Dice dice;
    models::insert_roles(connection);
    for (int i = 1; i <= users; ++i) {
        const std::string name = "user" + std::to_string(i);
        models::add_user(
            connection,
            {.email = name + "@example.com", .username = name, .password_hash = "none", .role = {}, .confirmed = true}, "",
            start);
    }
    for (int i = 1; i <= posts; ++i) {
        models::add_post(connection, 1 + dice.below(users), models::PostBody{dice.text(post_bytes)}, start + i * 1min);
    }
    for (int i = 1; i <= comments; ++i) {
        models::add_comment(connection, 1 + dice.below(posts), 1 + dice.below(users),
                            models::CommentBody{dice.text(comment_bytes)}, start + posts * 1min + i * 1s);
    }
}

}  // namespace

int main(int, char** arguments) {
    const auto database = app::db::open({.url = arguments[1], .create = true});
    app::db::Lease lease(*database);
    app::db::migrate(lease, app::db::migrations(database->dialect()));
    database->write(add_rows);
    const auto user = database->read([](Connection& connection) { return models::get_user(connection, 1); });
    const std::string token = models::make_api_token(bench::make_signer(), user, app::base::now() + 23h);
    std::printf("Basic %s\n", app::base::base64_encode(token + ":").c_str());
}
