#include "tests/integration/support/mysql_app.hpp"

#include <map>

#include "tests/integration/support/running.hpp"

namespace tests {
namespace {

// The configuration for an own database on `server`, with an account that has no other right.
std::function<void(config::Config&)> on(Mariadb& server, const MysqlApp::Settings& settings) {
    return [&](config::Config& config) {
        const std::string url = server.new_database();
        const std::string name = url.substr(url.rfind('/') + 1);
        server.run({"CREATE USER dewar@'%' IDENTIFIED BY 'hunter2'", "GRANT ALL ON " + name + ".* TO dewar@'%'"});
        config.database.url = "mysql://dewar:hunter2@127.0.0.1:" + std::to_string(settings.through(server.port())) + "/" + name;
        if (settings.change) settings.change(config);
    };
}

std::string json_of(const std::string& text) { return "{\"body\":\"" + text + "\"}"; }

}  // namespace

MysqlApp::MysqlApp(Settings settings)
    : server(settings.server),
      live(on(server, settings)),
      ann(live.add_user("ann")),
      rival(app::db::open({.url = server.url("test_1"), .busy_timeout_ms = 60'000})),
      watcher_(app::db::open({.url = server.url("test_1")})) {}

Answer MysqlApp::post(const std::string& text) const { return live.client(ann).post("/api/v1.0/posts/", json_of(text)); }

std::int64_t MysqlApp::count_posts(const std::string& text) const {
    return watcher_->read([&](app::db::Connection& c) { return c.integer("SELECT COUNT(*) FROM posts WHERE body = ?", text); });
}

std::int64_t MysqlApp::integer(std::string_view sql) const {
    return watcher_->read([&](app::db::Connection& c) { return c.integer(sql); });
}

std::int64_t MysqlApp::status(const std::string& name) const {
    return *watcher_->read([&](app::db::Connection& c) {
        return c.find("SHOW GLOBAL STATUS LIKE '" + name + "'", [](const app::db::Row& row) { return row.integer(1); });
    });
}

bool MysqlApp::wait_for_lock_waits(int count) const {
    return soon(
        [&] { return status("Innodb_row_lock_current_waits") == count; });  // innodb_trx is cached for those who ask often
}

int MysqlApp::kill_connections() const {
    const auto ids = watcher_->read([](app::db::Connection& c) {
        return c.list("SELECT id FROM information_schema.processlist WHERE user = 'dewar'",
                      [](const app::db::Row& row) { return row.integer(0); });
    });
    for (const std::int64_t id : ids) {
        try {
            watcher_->write([&](app::db::Connection& c) { c.execute("KILL CONNECTION " + std::to_string(id)); });
        } catch (const app::base::Error&) {  // 1094: it has ended by itself
        }
    }
    return static_cast<int>(ids.size());
}

void MysqlApp::set_read_only(bool is_read_only) const {
    watcher_->write([&](app::db::Connection& c) {
        c.execute("COMMIT");  // in a transaction the server refuses it
        c.execute("SET GLOBAL read_only = ?", is_read_only);
    });
}

void check_unavailable(const Answer& answer, std::string_view reason) {
    CHECK(answer.status == 503);
    CHECK(answer.header("Retry-After") == "1");
    INFO(answer.body);
    CHECK(answer.body.find(reason) != std::string::npos);
}

Load::Load(MysqlApp& app, int writers) : app_(app) {
    for (int i = 0; i < writers; ++i) accounts_.push_back(app.live.add_user("writer" + std::to_string(i)));
    for (const Account& account : accounts_) threads_.emplace_back([&] { write(account, account.user.username); });
}

bool Load::goes_on(std::int64_t more) const {
    return soon([goal = acknowledged() + more, this] { return acknowledged() >= goal; });
}

void Load::stop() {
    is_over_ = true;
    for (std::thread& thread : threads_) thread.join();
    threads_.clear();
}

void Load::write(const Account& account, const std::string& name) {
    const Client client = app_.live.client(account);
    for (std::int64_t number = 0; !is_over_; ++number) {
        const std::string text = name + " wrote " + std::to_string(number);
        const Answer answer = client.post("/api/v1.0/posts/", json_of(text));
        const bool is_promised = answer.status == 201;
        if (!is_promised) {
            CHECK_MESSAGE(answer.status == 503, answer.status << " " << answer.body);
            CHECK(answer.has("Retry-After"));
            std::this_thread::sleep_for(std::chrono::milliseconds(20));
        }
        const std::lock_guard lock(mutex_);
        (is_promised ? promised_ : refused_).push_back(text);
        acknowledged_ += is_promised;
    }
}

Load::Outcome Load::outcome() const {
    std::map<std::string, std::int64_t> there;
    Outcome outcome{.unacknowledged = static_cast<std::int64_t>(refused_.size())};
    app_.rival->read([&](app::db::Connection& c) {
        there.clear();
        c.each("SELECT body, COUNT(*) FROM posts GROUP BY body",
               [&](const app::db::Row& row) { there[std::string(row.text(0))] = row.integer(1); });
        outcome.counts_are_right = c.integer("SELECT COUNT(*) FROM users WHERE post_count <> (SELECT COUNT(*) FROM posts WHERE "
                                             "posts.author_id = users.id)") == 0;
    });
    for (const auto& [text, count] : there) outcome.doubled += count > 1;
    for (const std::string& text : promised_) ++(there.contains(text) ? outcome.acknowledged : outcome.lost);
    for (const std::string& text : refused_) outcome.there_all_the_same += there.contains(text);
    return outcome;
}

}  // namespace tests
