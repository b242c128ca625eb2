// A flood of logins does not keep those waiting who have a token: checks of passwords are bounded in number, and so are those that
// wait for one.
// labels: concurrent
// backends: sqlite mysql
#include <atomic>
#include <thread>
#include <vector>

#include "app/base/secret.hpp"
#include "app/models/authentication.hpp"
#include "tests/integration/support/live_app.hpp"

namespace {

using namespace tests;

constexpr const char* posts = "/api/v1.0/posts/";

// Connections that try to log in, again and again, each waiting for its answer. One check takes a third of a second.
class LoginFlood {
   public:
    static constexpr int connections = 64;

    explicit LoginFlood(const LiveApp& live) {
        for (int i = 0; i < connections; ++i) {
            threads_.emplace_back([this, client = live.client({basic("nobody@example.com", "some password")})] {
                while (!over_) {
                    const Answer answer = client.get(posts, {accept_json});
                    if (answer.status == 401) {
                        ++checked_;
                    } else {
                        CHECK(answer.status == 503);
                        CHECK(answer.header("Retry-After") == "1");
                        CHECK(answer.body == R"({"error":"service unavailable","message":)"
                                             R"("the server has too many passwords to check; try again"})");
                        ++refused_;
                        std::this_thread::sleep_for(std::chrono::milliseconds(20));  // the flood is of logins, not of CPU time
                    }
                }
            });
        }
    }
    ~LoginFlood() {
        over_ = true;
        for (std::thread& thread : threads_) thread.join();
    }
    LoginFlood(const LoginFlood&) = delete;
    LoginFlood& operator=(const LoginFlood&) = delete;

    int checked() const { return checked_; }
    int refused() const { return refused_; }

   private:
    std::atomic<bool> over_{false};
    std::atomic<int> checked_{0}, refused_{0};
    std::vector<std::thread> threads_;
};

void slow_passwords(config::Config& config) {
    config.server.workers = 8;
    config.password.memory_kib = 19456;
    config.password.iterations = 20;
    config.password.at_once_max = 1;
    config.password.waiting_max = 2;
}

}  // namespace

TEST_CASE("reads and writes of who has a token are served while the logins of 64 connections wait or are refused") {
    LiveApp live{slow_passwords};
    const auto ann = live.database().write([](app::db::Connection& c) {
        const app::models::NewUser user{.email = "ann@example.com",
                                        .username = "ann",
                                        .password_hash = app::base::Passwords({64, 1, 1}).hash("the password of ann"),
                                        .role = "User",
                                        .confirmed = true};
        return app::models::add_user(c, user, "", long_ago);
    });
    const std::string token = app::models::make_api_token(live.app().services().signer, ann, app::base::now());
    const Client client = live.client({basic(token, "")});
    const LoginFlood flood(live);
    while (flood.refused() < LoginFlood::connections) std::this_thread::yield();
    const int checked_before = flood.checked();
    constexpr int requests = 50;
    for (int i = 0; i < requests; ++i) {
        REQUIRE(client.post(posts, R"({"body":"one more"})").status == 201);
        REQUIRE(client.get(posts).status == 200);
    }
    // One at a time, and never all that wait: had each login held a worker, 64 would have come before the first post.
    CHECK(flood.checked() - checked_before < LoginFlood::connections);
}

TEST_CASE("a login that finds a free place is served though others are refused") {
    LiveApp live{[](config::Config& config) { config.password.waiting_max = 0; }};
    const auto ann = live.add_user("ann");
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(30);
    while (live.client(ann).get(posts).status != 200) REQUIRE(std::chrono::steady_clock::now() < deadline);
}

TEST_CASE("checks of passwords never hold more than half of the workers") {
    config::Config config;
    for (const int workers : {1, 2, 3, 8, 64}) {
        for (const int at_once : {0, 1, 5, 1000}) {
            config.server.workers = workers;
            config.password.at_once_max = at_once;
            config.password.waiting_max = 1000;
            const auto load = app::password_load(config);
            CHECK(load.at_once_max >= 1);
            CHECK(load.at_once_max + load.waiting_max == static_cast<std::size_t>(std::max(1, workers / 2)));
        }
    }
}
