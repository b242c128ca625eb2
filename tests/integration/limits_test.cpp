// How many requests a client may send to the API, and how many wrong passwords, over real HTTP. Proxies are trusted here, so that a
// test comes from many addresses.
// labels: concurrent
// backends: sqlite mysql
#include <thread>
#include <vector>

#include "tests/integration/support/live_app.hpp"

namespace {

using namespace tests;

constexpr const char* posts = "/api/v1.0/posts/";
constexpr const char* tokens = "/api/v1.0/tokens/";

// Nothing comes back while a test runs.
std::function<void(config::Config&)> limited(int address_requests, int account_requests) {
    return [=](config::Config& config) {
        config.server.trusted_proxies = {"127.0.0.1"};
        config.limits.enabled = true;
        config.limits.address_requests_max = address_requests;
        config.limits.account_requests_max = account_requests;
        config.limits.window_s = 86400;
        config.limits.guess_pause_s = 3600;
    };
}

Header from(const std::string& address) { return {"X-Forwarded-For", address}; }

std::string token_of(const LiveApp& live, const Account& account, const std::string& address = "192.0.2.200") {
    const Answer answer = live.client(account).with(from(address)).post(tokens, "");
    REQUIRE(answer.status == 200);
    return *answer.json().find("token")->string();
}

// The statuses of `count` requests.
std::vector<int> statuses(const Client& client, int count, const char* target = posts) {
    std::vector<int> all;
    for (int i = 0; i < count; ++i) all.push_back(client.get(target).status);
    return all;
}

using Statuses = std::vector<int>;

}  // namespace

TEST_CASE("an address has so many requests, and is then refused before anybody asks who it is") {
    LiveApp live{limited(2, 1000)};
    const auto ann = live.add_user("ann");
    const Client stranger = live.client({from("192.0.2.1")});
    CHECK(statuses(stranger, 3) == Statuses{401, 401, 429});
    const Answer refused = stranger.with(ann.login()).get(posts, {accept_json});
    CHECK(refused.status == 429);
    CHECK(refused.header("RateLimit-Policy") == R"("address";q=2;w=86400)");
    CHECK(refused.header("RateLimit") == R"("address";r=0;t=)" + refused.header("Retry-After"));
    const int wait = std::stoi(refused.header("Retry-After"));
    CHECK(wait > 43000);
    CHECK(wait <= 43200);
    CHECK(refused.body == R"({"error":"too many requests","message":"too many requests from this address; try again in )" +
                              std::to_string(wait) + R"( s"})");
    CHECK(statuses(live.client({from("192.0.2.2")}), 1) == Statuses{401});
}

TEST_CASE("an IPv6 client is its /64") {
    LiveApp live{limited(2, 1000)};
    CHECK(statuses(live.client({from("2001:db8:1:2::1")}), 2) == Statuses{401, 401});
    CHECK(statuses(live.client({from("2001:db8:1:2:3:4:5:6")}), 1) == Statuses{429});
    CHECK(statuses(live.client({from("2001:db8:1:3::1")}), 1) == Statuses{401});
}

TEST_CASE("an account has so many requests from all addresses together, and each answer tells what is left") {
    LiveApp live{limited(1000, 3)};
    const auto ann = live.add_user("ann"), bob = live.add_user("bob");
    const Header as_ann = basic(token_of(live, ann), ""), as_bob = basic(token_of(live, bob), "");
    const Answer first = live.client({as_ann, from("192.0.2.1")}).get(posts);
    CHECK(first.status == 200);
    CHECK(first.header("RateLimit-Policy") == R"("address";q=1000;w=86400, "account";q=3;w=86400)");
    CHECK(first.header("RateLimit").starts_with(R"("address";r=999;t=)"));
    CHECK(first.header("RateLimit").find(R"(, "account";r=1;t=)") != std::string::npos);
    CHECK(statuses(live.client({as_ann, from("192.0.2.2")}), 2) == Statuses{200, 429});
    const Answer refused = live.client({as_ann, from("192.0.2.3")}).get(posts);
    CHECK(refused.status == 429);
    CHECK(refused.body.find("too many requests of this account") != std::string::npos);
    CHECK(statuses(live.client({as_bob, from("192.0.2.1")}), 1) == Statuses{200});
}

TEST_CASE("a request whose password a worker has to check is counted once") {
    LiveApp live{limited(10, 10)};
    const auto ann = live.add_user("ann");
    const Client client = live.client(ann).with(from("192.0.2.1"));
    for (const char* left : {"r=9;", "r=8;", "r=7;"}) {
        const std::string quotas = client.get(posts).header("RateLimit");
        CHECK(quotas.starts_with(std::string(R"("address";)") + left));
        CHECK(quotas.find(std::string(R"("account";)") + left) != std::string::npos);
    }
}

TEST_CASE("v1.1 shares the limits with v1.0, and refuses in its own words; a Bearer token is its account's") {
    LiveApp live{limited(1000, 3)};
    const auto ann = live.add_user("ann");
    const std::string token = token_of(live, ann);
    const Client client = live.client({{"Authorization", "Bearer " + token}, from("192.0.2.1")});
    CHECK(statuses(client, 2, "/api/v1.1/posts/") == Statuses{200, 200});
    const Answer refused = client.get("/api/v1.1/posts/");
    CHECK(refused.status == 429);
    CHECK(refused.header("Content-Type") == "application/problem+json");
    CHECK(std::stoi(refused.header("Retry-After")) > 1);
    CHECK(statuses(live.client({basic(token, ""), from("192.0.2.2")}), 1) == Statuses{429});
}

TEST_CASE("health checks, pages, files and OPTIONS are not counted") {
    LiveApp live{limited(1, 1)};
    const Client client = live.client({from("192.0.2.1")});
    for (const char* target : {"/healthz", "/readyz", "/", "/static/favicon.svg"}) {
        CHECK(statuses(client, 3, target) == Statuses{200, 200, 200});
        CHECK_FALSE(client.get(target).has("RateLimit"));
    }
    for (int i = 0; i < 3; ++i) CHECK(client.options(posts).status == 204);
    CHECK(statuses(client, 2) == Statuses{401, 429});
}

TEST_CASE("without limits no answer speaks of them") {
    LiveApp live;
    const auto ann = live.add_user("ann");
    const Answer answer = live.client(ann).get(posts);
    CHECK_FALSE(answer.has("RateLimit"));
    CHECK_FALSE(answer.has("RateLimit-Policy"));
}

TEST_CASE("connections that come at the same time get no more than there is") {
    LiveApp live{limited(50, 1000)};
    std::atomic<int> served = 0, refused = 0;
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i) {
        threads.emplace_back([&] {
            const Client client = live.client({from("192.0.2.1")});
            for (int j = 0; j < 25; ++j) ++(client.get(posts).status == 401 ? served : refused);
        });
    }
    for (std::thread& thread : threads) thread.join();
    CHECK(served == 50);
    CHECK(refused == 50);
}

TEST_CASE("who guesses a password is kept waiting, at that address alone; tokens and fresh addresses are not") {
    LiveApp live{limited(100'000, 100'000)};
    const auto ann = live.add_user("ann");
    const std::string token = token_of(live, ann);
    const Client guesser = live.client({from("192.0.2.1")});
    const auto guess = [&](const std::string& name) { return guesser.with(basic(name, "not the password")).get(posts).status; };
    int checked = 0;
    while (guess(ann.user.email) == 401) ++checked;
    CHECK(checked >= 6);
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(60);
    for (;;) {  // until both come within the first pause, which a busy machine may outlast
        REQUIRE(std::chrono::steady_clock::now() < deadline);
        while (guess(ann.user.email) == 401) {
        }
        if (guess(" ANN@Example.com ") != 429) continue;
        const Answer paused = live.client(ann).with(from("192.0.2.1")).get(posts, {accept_json});
        if (paused.status != 429) continue;
        const std::string wait = paused.header("Retry-After");
        CHECK(paused.body ==
              R"({"error":"too many requests","message":"too many wrong passwords; try again in )" + wait + R"( s"})");
        CHECK(std::stoi(wait) >= 1);
        break;
    }
    CHECK(live.client({basic(token, ""), from("192.0.2.1")}).get(posts).status == 200);
    CHECK(live.client(ann).with(from("192.0.2.2")).get(posts).status == 200);
}

TEST_CASE("an account that does not exist is guessed at with the same answers") {
    LiveApp live{limited(100'000, 100'000)};
    const auto ann = live.add_user("ann");
    int next = 0;
    const auto answers = [&](const std::string& name) {
        const Header fresh = from("192.0.2." + std::to_string(++next));
        std::string all;
        for (int i = 0; i < 8; ++i) {
            const Answer answer = live.client({basic(name, "not the password"), fresh}).get(posts, {accept_json});
            all += std::to_string(answer.status) + " " + answer.header("Retry-After") + " " + answer.body + "\n";
        }
        return all;
    };
    // Once more where a busy machine outlasted the pause of one of them.
    while (answers(ann.user.email) != answers("nobody@example.com")) REQUIRE(next < 200);
}

TEST_CASE("the owner comes in after the pause, from the guesser's own address too") {
    LiveApp live{limited(1000, 1000)};
    const auto ann = live.add_user("ann");
    const Client client = live.client({from("192.0.2.1")});
    while (client.with(basic(ann.user.email, "not the password")).get(posts).status == 401) {
    }
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(30);
    while (client.with(ann.login()).get(posts).status != 200) {
        REQUIRE(std::chrono::steady_clock::now() < deadline);
        std::this_thread::sleep_for(std::chrono::milliseconds(100));
    }
    CHECK(client.with(basic(ann.user.email, "not the password")).get(posts).status == 401);
}
