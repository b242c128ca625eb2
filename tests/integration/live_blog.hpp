// A deployed blog with `manage runserver` on it and eight writers who post as fast as they can: what must not disturb a copy, and what
// a copy must not disturb.
#pragma once

#include <doctest/doctest.h>

#include <array>
#include <atomic>
#include <memory>
#include <thread>
#include <vector>

#include "app/db/database.hpp"
#include "tests/integration/manage.hpp"
#include "tests/integration/support/http_client.hpp"
#include "tests/support/mariadb.hpp"

namespace tests {

// With the tables and the roles, in a database of the backend that this run is for.
class DeployedBlog : public Installation {
   public:
    DeployedBlog() {
        if (backend() != "sqlite") environment["DATABASE_URL"] = new_database_url();
        deploy();
    }
    void deploy() {
        const Finished result = manage({"deploy"});
        REQUIRE_MESSAGE(result.exit_code == 0, result.err);
    }
    // Opened from here: relative paths of the URL are those of the folder.
    std::unique_ptr<app::db::Database> open() const {
        std::string url = environment.at("DATABASE_URL");
        if (url == "sqlite:///blog.sqlite") url = "sqlite:///" + (path() / "blog.sqlite").string();
        return app::db::open({.url = url});
    }
    std::int64_t integer(const std::string& sql) const {
        return open()->read([&](app::db::Connection& connection) { return connection.integer(sql); });
    }
    void execute(const std::string& sql) const {
        open()->write([&](app::db::Connection& connection) { connection.execute(sql); });
    }
    std::int64_t posts() const { return integer("SELECT count(*) FROM posts"); }
    // Users whose post_count is not the number of their posts: none, ever.
    std::int64_t wrong_counts() const {
        return integer("SELECT count(*) FROM users WHERE post_count <> (SELECT count(*) FROM posts WHERE author_id = users.id)");
    }
    void add_users(int count) const {
        for (int i = 0; i < count; ++i) {
            const std::string name = "writer" + std::to_string(i);
            REQUIRE(manage({"user", "add", name + "@example.com", "--username", name, "--password-stdin"}, password).exit_code ==
                    0);
        }
    }
    static constexpr const char* password = "a password that is long";
};

// Ends the writing, and the server, with the object.
class BusyServer {
   public:
    // `here` has add_users(writers).
    static constexpr int writers = 8;

    explicit BusyServer(const DeployedBlog& here) : server_(here.start({"runserver", "--port", "0"})) {
        const std::string banner = server_.wait_for("Press Ctrl-C");
        const std::string before = "http://127.0.0.1:";
        const int port = std::stoi(banner.substr(banner.find(before) + before.size()));
        for (int i = 0; i < writers; ++i) {
            threads_.emplace_back([this, port, i] {
                const Client client(port, {basic("writer" + std::to_string(i) + "@example.com", DeployedBlog::password)});
                while (!stopping_)
                    (client.post("/api/v1.0/posts/", R"({"body":"one more"})").status == 201 ? posted_ : failed_)++;
            });
        }
    }
    ~BusyServer() { stop(); }
    BusyServer(const BusyServer&) = delete;
    BusyServer& operator=(const BusyServer&) = delete;

    // Waits until so many more posts were acknowledged.
    void wait_for_posts(int count) const {
        const int target = posted_ + count;
        const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(60);
        while (posted_ < target) {
            REQUIRE(std::chrono::steady_clock::now() < deadline);
            std::this_thread::sleep_for(std::chrono::milliseconds(5));
        }
    }
    void stop() {
        stopping_ = true;
        for (std::thread& thread : threads_) thread.join();
        threads_.clear();
    }
    int posted() const { return posted_; }
    int failed() const { return failed_; }

   private:
    Process server_;
    std::atomic<bool> stopping_{false};
    std::atomic<int> posted_{0}, failed_{0};
    std::vector<std::thread> threads_;
};

// Checks five copies of a blog, `copy(from, to)`, that are made while eight writers post: each is of one moment and has all that was
// acknowledged before, and no post fails.
template <class Copy>
void check_copies_while_writing(Copy copy) {
    const DeployedBlog here;
    here.add_users(BusyServer::writers);
    BusyServer server(here);
    std::int64_t before = -1;
    for (int i = 0; i < 5; ++i) {
        const DeployedBlog there;
        server.wait_for_posts(20);
        const int posted = server.posted();
        copy(here, there);
        const std::int64_t copied = there.posts();
        CHECK(copied >= posted);
        CHECK(copied > before);
        CHECK(there.wrong_counts() == 0);
        before = copied;
    }
    server.stop();
    CHECK(server.failed() == 0);
    CHECK(here.posts() == server.posted());
}

}  // namespace tests
