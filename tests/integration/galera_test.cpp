// Two instances of Dewar over a real Galera cluster, under load: nodes and an instance are killed, and who was told that a post is
// kept finds it once on every node.
// labels: full mariadb
#include "tests/support/galera.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <atomic>
#include <map>
#include <mutex>

#include "app/base/error.hpp"
#include "app/db/database.hpp"
#include "tests/integration/manage.hpp"
#include "tests/integration/support/http_client.hpp"

namespace {

using namespace tests;
using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

Galera& cluster() {
    static Galera cluster;
    return cluster;
}

// The cluster's URL with the nodes in that order: an instance goes to the first that serves.
std::string url_of(const std::vector<int>& nodes, const std::string& database) {
    std::string hosts;
    for (const int node : nodes) {
        const std::string url = cluster().url("", node);
        hosts += (hosts.empty() ? "" : ",") + url.substr(url.find('@') + 1);
        hosts.pop_back();
    }
    return "mysql://root@" + hosts + "/" + database;
}

// `manage` with a database of the cluster that is deployed once, and a user ann.
class Blog : public Installation {
   public:
    explicit Blog(std::string database) : database_(std::move(database)) {
        use({1, 2, 3});
        const Finished deploy = manage({"deploy"});
        REQUIRE_MESSAGE(deploy.exit_code == 0, deploy.err);
        const Finished user =
            manage({"user", "add", "ann@example.com", "--username", "ann", "--password-stdin"}, "correct horse\n");
        REQUIRE_MESSAGE(user.exit_code == 0, user.err);
    }

    void use(const std::vector<int>& nodes) { environment["DATABASE_URL"] = url_of(nodes, database_); }

    // What a node says to a query with one number.
    std::int64_t ask(int node, const std::string& sql) const {
        const auto opened = app::db::open({.url = cluster().url(database_, node), .pool_max = 1});
        return opened->read([&](app::db::Connection& connection) {
            return connection.find(sql, [](const app::db::Row& row) { return row.integer(0); }).value_or(-1);
        });
    }

    // Until it is in step with its cluster.
    void wait_for_node(int node) const {
        const auto deadline = Clock::now() + 60s;
        for (;;) {
            try {
                ask(node, "SELECT 1");
                return;
            } catch (const app::base::Error&) {
                if (Clock::now() > deadline) throw;
            }
            std::this_thread::sleep_for(50ms);
        }
    }

    // How often each body is there.
    std::map<std::string, int> posts(int node) const {
        const auto opened = app::db::open({.url = cluster().url(database_, node), .pool_max = 1});
        return opened->read([&](app::db::Connection& connection) {
            std::map<std::string, int> counts;
            connection.each("SELECT body FROM posts", [&](const app::db::Row& row) { ++counts[std::string(row.text(0))]; });
            return counts;
        });
    }

   private:
    std::string database_;
};

// Tells a node something that no deployed program says, whatever its state.
void tell(int node, const std::string& sql) {
    const std::string url = cluster().url("", node);
    const std::string port = url.substr(url.rfind(':') + 1, url.rfind('/') - url.rfind(':') - 1);
    const Finished client =
        run({.arguments = {"/usr/bin/mariadb", "--no-defaults", "--user=root", "--host=127.0.0.1", "--port=" + port, "-e", sql}});
    REQUIRE_MESSAGE(client.exit_code == 0, client.err);
}

// `manage runserver` on the database of `blog` as that says now.
class Instance {
   public:
    explicit Instance(const Blog& blog) : process_(blog.start({"runserver", "--port", "0"})) {
        const std::string banner = process_.wait_for("Press Ctrl-C");
        const std::string before = "http://127.0.0.1:";
        port_ = std::stoi(banner.substr(banner.find(before) + before.size()));
    }

    Client client() const { return Client(port_, {basic("ann@example.com", "correct horse"), accept_json}); }
    Process& process() { return process_; }

   private:
    Process process_;
    int port_ = 0;
};

std::string json_of(const std::string& body) { return R"({"body":")" + body + R"("})"; }

// The status, or 0 when the instance did not answer.
int try_post(const Client& client, const std::string& body) {
    try {
        return client.post("/api/v1.0/posts/", json_of(body)).status;
    } catch (const std::runtime_error&) {
        return 0;
    }
}

void wait_for_post(const Instance& instance, const std::string& body) {
    const auto deadline = Clock::now() + 60s;
    int status = 0;
    for (int i = 0; status != 201 && Clock::now() < deadline; ++i) {
        status = try_post(instance.client(), body + std::to_string(i));
        if (status != 201) std::this_thread::sleep_for(50ms);
    }
    REQUIRE(status == 201);
}

// Writers, each of which goes on with the other instance when one fails it, as behind a proxy, and readers of what was written.
class Load {
   public:
    explicit Load(std::vector<const Instance*> instances) : instances_(std::move(instances)) {
        for (int i = 0; i < 6; ++i) threads_.emplace_back([this, i] { write(i); });
        for (int i = 0; i < 2; ++i) threads_.emplace_back([this, i] { read(i); });
    }
    ~Load() { stop(); }

    void stop() {
        stop_ = true;
        for (std::thread& thread : threads_) thread.join();
        threads_.clear();
    }

    // Waits until `count` more posts are acknowledged.
    void wait_for_posts(std::size_t count) {
        const std::size_t enough = size() + count;
        const auto deadline = Clock::now() + 60s;
        while (size() < enough && Clock::now() < deadline) std::this_thread::sleep_for(10ms);
        REQUIRE(size() >= enough);
    }

    // The longest time within which no post was acknowledged since the last call.
    std::chrono::milliseconds longest_pause() {
        const std::lock_guard lock(mutex_);
        return std::chrono::duration_cast<std::chrono::milliseconds>(std::exchange(longest_pause_, {}));
    }

    std::vector<std::string> acknowledged() {
        const std::lock_guard lock(mutex_);
        return acknowledged_;
    }
    int unserved() const { return unserved_; }  // posts that were not acknowledged
    int unseen() const { return unseen_; }      // reads through the other instance that did not see a post
    int seen() const { return seen_; }

   private:
    std::size_t size() {
        const std::lock_guard lock(mutex_);
        return acknowledged_.size();
    }

    void write(int writer) {
        std::size_t at = static_cast<std::size_t>(writer) % instances_.size();
        for (int i = 0; !stop_; ++i) {
            const std::string body = "writer " + std::to_string(writer) + " post " + std::to_string(i);
            if (try_post(instances_[at]->client(), body) == 201) {
                const std::lock_guard lock(mutex_);
                const Clock::time_point now = Clock::now();
                longest_pause_ = std::max(longest_pause_, now - last_);
                last_ = now;
                acknowledged_.push_back(body);
            } else {
                ++unserved_;
                at = (at + 1) % instances_.size();
                std::this_thread::sleep_for(20ms);
            }
        }
    }

    // Writes through one and reads through the other.
    void read(int reader) {
        const Client writing = instances_[static_cast<std::size_t>(reader) % 2]->client();
        const Client reading = instances_[static_cast<std::size_t>(reader + 1) % 2]->client();
        while (!stop_) {
            try {
                const Answer made = writing.post("/api/v1.0/posts/", json_of("reader " + std::to_string(reader)));
                if (made.status != 201) continue;
                const int status = reading.get(made.header("Location")).status;
                ++(status == 404 ? unseen_ : seen_);
            } catch (const std::runtime_error&) {
                std::this_thread::sleep_for(20ms);  // that instance was killed
            }
        }
    }

    std::vector<const Instance*> instances_;
    std::atomic<bool> stop_ = false;
    std::atomic<int> unserved_ = 0, unseen_ = 0, seen_ = 0;
    std::mutex mutex_;
    std::vector<std::string> acknowledged_;
    Clock::time_point last_ = Clock::now();
    Clock::duration longest_pause_{};
    std::vector<std::thread> threads_;
};

void check_kept_once(const Blog& blog, const std::vector<std::string>& acknowledged) {
    for (int node = 1; node <= Galera::nodes; ++node) {
        const std::map<std::string, int> kept = blog.posts(node);
        int lost = 0;
        int doubled = 0;
        for (const std::string& body : acknowledged) {
            const auto found = kept.find(body);
            lost += found == kept.end();
            doubled += found != kept.end() && found->second > 1;
        }
        CHECK_MESSAGE(lost == 0, "on node ", node);
        CHECK_MESSAGE(doubled == 0, "on node ", node);
    }
}

constexpr auto pause_max = 20s;  // the cluster's own is about 6 s; a busy machine may double it

}  // namespace

TEST_CASE(
    "A node is killed, then an instance: after one pause all writes go on, and what was acknowledged is on every node once") {
    Blog blog("killed");
    Instance first(blog);
    blog.use({2, 1, 3});
    Instance second(blog);
    Load load({&first, &second});
    load.wait_for_posts(200);
    MESSAGE("pause before: ", load.longest_pause().count(), " ms");

    cluster().kill(1);
    load.wait_for_posts(400);
    const auto pause = load.longest_pause();
    MESSAGE("pause at the end of a node: ", pause.count(), " ms; ", load.unserved(), " posts not acknowledged");
    CHECK(pause < pause_max);
    wait_for_post(first, "through the instance whose node is gone ");

    const int unserved = load.unserved();
    first.process().send(SIGKILL);
    load.wait_for_posts(200);
    MESSAGE("pause at the end of an instance: ", load.longest_pause().count(), " ms; ", load.unserved() - unserved,
            " posts not acknowledged");

    cluster().start(1);
    cluster().kill(2);
    load.wait_for_posts(200);
    CHECK(load.longest_pause() < pause_max);
    CHECK(blog.ask(1, "SELECT count(*) FROM information_schema.processlist WHERE db = 'killed'") > 1);  // the one that came back
    cluster().start(2);
    load.stop();
    MESSAGE(load.acknowledged().size(), " posts acknowledged, ", load.unserved(), " not; ", load.seen(),
            " read elsewhere at once");
    CHECK(load.unseen() == 0);
    CHECK(load.seen() > 0);
    check_kept_once(blog, load.acknowledged());
}

TEST_CASE("What one instance has written another one reads at once, through another node that is busy applying") {
    Blog blog("causal");
    const Instance first(blog);
    blog.use({2, 1, 3});
    const Instance second(blog);
    Load load({&first, &first});
    int unseen = 0;
    for (int i = 0; i < 200; ++i) {
        const Answer made = first.client().post("/api/v1.0/posts/", json_of("seen?"));
        REQUIRE(made.status == 201);
        unseen += second.client().get(made.header("Location")).status != 200;
    }
    CHECK(unseen == 0);
}

TEST_CASE("A node without a quorum is passed over, and used again when it is back in its cluster") {
    Blog blog("isolated");
    blog.use({3, 1, 2});
    Instance instance(blog);
    wait_for_post(instance, "before ");
    tell(3, "SET GLOBAL wsrep_provider_options = 'gmcast.isolate=1'");
    wait_for_post(instance, "meanwhile ");
    Instance late(blog);
    CHECK(try_post(late.client(), "passed over") == 201);
    tell(3, "SET GLOBAL wsrep_provider_options = 'gmcast.isolate=0'");
    blog.wait_for_node(3);
    cluster().stop(1);  // in use till now
    cluster().stop(2);
    wait_for_post(instance, "on node 3 alone ");
    CHECK(blog.ask(3, "SELECT count(*) FROM information_schema.processlist WHERE db = 'isolated'") > 1);
    cluster().start(1);
    cluster().start(2);
    CHECK(blog.posts(1) == blog.posts(3));
    CHECK(blog.posts(2) == blog.posts(3));
}

TEST_CASE("The last node of a cluster that lost the others answers 503 until it is told to go on alone") {
    Blog blog("alone");
    blog.use({3, 2, 1});
    Instance instance(blog);
    wait_for_post(instance, "before ");
    const Answer made = instance.client().post("/api/v1.0/posts/", json_of("kept"));
    cluster().kill(1);
    cluster().kill(2);
    const auto deadline = Clock::now() + 60s;
    Answer refused;
    while (refused.status != 503 && Clock::now() < deadline) refused = instance.client().get(made.header("Location"));
    CHECK(refused.status == 503);
    CHECK(refused.has("Retry-After"));
    CHECK_FALSE(contains(refused.body, "kept"));
    CHECK(try_post(instance.client(), "lost") == 503);
    CHECK(instance.client().get("/readyz").status == 503);

    tell(3, "SET GLOBAL wsrep_provider_options = 'pc.bootstrap=YES'");
    wait_for_post(instance, "alone ");
    CHECK(instance.client().get(made.header("Location")).status == 200);
    CHECK(blog.posts(3).count("lost") == 0);
    cluster().start(1);
    cluster().start(2);
    CHECK(blog.posts(1) == blog.posts(3));
}
