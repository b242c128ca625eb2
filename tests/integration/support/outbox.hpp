// An installation of `manage` with a deployed database, of the backend that the run is for, into whose outbox a test puts mails; and a
// `manage runserver` that delivers them.
#pragma once

#include <doctest/doctest.h>

#include <memory>
#include <string>
#include <vector>

#include "app/mail/message.hpp"
#include "app/models/outbox.hpp"
#include "tests/integration/manage.hpp"
#include "tests/support/mariadb.hpp"
#include "tests/support/smtp_server.hpp"

namespace tests {

class Outbox : public Installation {
   public:
    Outbox() {
        const bool sqlite = backend() == "sqlite";
        environment["DATABASE_URL"] = sqlite ? "sqlite:///" + (path() / "blog.sqlite").string() : new_database_url();
        const Finished deployed = manage({"deploy"});
        REQUIRE_MESSAGE(deployed.exit_code == 0, deployed.err);
        database = app::db::open({.url = environment["DATABASE_URL"]});
    }

    // From now on mail goes to that port of this machine.
    void set_mail_port(int port) {
        environment["MAIL_SERVER"] = "localhost";
        environment["MAIL_PORT"] = std::to_string(port);
        environment["MAIL_DEFAULT_SENDER"] = "blog@dewar.example";
    }

    // Returns its number and its Message-ID.
    std::pair<std::int64_t, std::string> add(const std::string& subject = "Hello") {
        const app::mail::Address from{.name = "Dewar", .email = "blog@dewar.example"};
        const app::mail::Message message{.from = from,
                                         .to = {{.email = "ada@dewar.example"}},
                                         .subject = subject,
                                         .text = "The text of " + subject + "\n",
                                         .html = "<p>The text of " + subject + "</p>\n",
                                         .message_id = app::mail::new_message_id(from),
                                         .date = app::base::now()};
        const auto id = database->write([&](app::db::Connection& c) { return app::models::add_mail(c, message); });
        return {id, message.message_id};
    }
    app::models::Mail get(std::int64_t id) {
        return database->read([&](app::db::Connection& c) { return app::models::get_mail(c, id); });
    }
    std::string state(std::int64_t id) { return std::string{to_string(get(id).state)}; }
    std::int64_t count(app::models::MailState state) {
        return database->read([&](app::db::Connection& c) { return app::models::count_mails(c, state); });
    }
    // Whether nothing is left to be sent.
    bool is_done() { return count(app::models::MailState::queued) == 0 && count(app::models::MailState::sending) == 0; }

    std::unique_ptr<app::db::Database> database;
};

inline int port_of(Process& server) {
    const std::string banner = server.wait_for("Press Ctrl-C");
    const std::string before = "http://127.0.0.1:";
    return std::stoi(banner.substr(banner.find(before) + before.size()));
}

}  // namespace tests
