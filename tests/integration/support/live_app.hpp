// An application of config "testing" that serves a port of its own from a database of its own, of the backend that this run of
// the tests is for; both go with the object.
//
//     tests::LiveApp live;
//     const auto ann = live.add_user("ann");
//     CHECK(live.client(ann).get("/api/v1.0/posts/").status == 200);
#pragma once

#include <doctest/doctest.h>

#include <functional>
#include <memory>
#include <sstream>
#include <string>
#include <thread>

#include "app/app.hpp"
#include "app/http/server.hpp"
#include "app/models/comment.hpp"
#include "app/models/post.hpp"
#include "app/models/user.hpp"
#include "tests/integration/support/http_client.hpp"

namespace tests {

// When the rows of tests are written: "Sun, 22 Nov 2026 08:59:06 GMT", and some microseconds.
inline constexpr app::base::Timestamp long_ago{std::chrono::microseconds{1795337946'123456}};

struct Account {
    app::models::User user;
    std::string password;

    std::int64_t id() const { return user.id; }
    Header login() const { return basic(user.email, password); }
};

struct AccountOptions {
    std::string role = "User";
    bool confirmed = true;
};

class LiveApp {
   public:
    // `change` may change the config before the application is made of it.
    explicit LiveApp(const std::function<void(config::Config&)>& change = {});
    ~LiveApp();
    LiveApp(const LiveApp&) = delete;
    LiveApp& operator=(const LiveApp&) = delete;

    app::App& app() { return *app_; }
    app::db::Database& database() { return *app_->services().database; }
    app::http::Server& server() { return *server_; }
    int port() const { return port_; }

    // NAME@example.com with the password "the password of NAME".
    Account add_user(const std::string& name, const AccountOptions& options = {});
    app::models::Post add_post(const Account& author, const std::string& text = "text");
    app::models::Comment add_comment(const app::models::Post& post, const Account& author, const std::string& text = "text");
    // A role of that name, with those permission bits.
    void add_role(const std::string& name, int permissions);

    // As somebody, or as nobody. By password: of more than four such requests at the same time the others are told to come again,
    // for passwords may hold half of the eight workers.
    Client client(const Account& account) const { return Client{port_, {account.login()}}; }
    Client client_with_token(const Account& account) const;
    Client client(Headers headers = {}) const { return Client{port_, std::move(headers)}; }

    // Stops serving; what is under way is answered first.
    void stop();

   private:
    std::unique_ptr<app::App> app_;
    std::unique_ptr<app::http::Server> server_;
    int port_ = 0;
    std::thread thread_;
};

// Collects the log instead of showing it. Made before the applications whose lines it is to hold, and read after they stopped.
class CapturedLog {
   public:
    explicit CapturedLog(const std::string& level = "info");
    ~CapturedLog();
    CapturedLog(const CapturedLog&) = delete;
    CapturedLog& operator=(const CapturedLog&) = delete;

    std::string text() const { return stream_.str(); }

   private:
    std::ostringstream stream_;
};

}  // namespace tests
