// An outbox in a database of its own for one test, and mails for it.
#pragma once

#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "app/db/migrate.hpp"
#include "app/mail/memory.hpp"
#include "app/models/outbox.hpp"
#include "tests/unit/models/blog.hpp"

namespace tests {

inline const app::base::Timestamp noon = app::base::from_microseconds(1'800'000'000'000'000);

inline app::mail::Message mail_about(const std::string& subject) {
    const app::mail::Address from{.email = "blog@dewar.example"};
    return {.from = from,
            .to = {{.email = "ada@dewar.example"}},
            .subject = subject,
            .text = "Hello\n",
            .html = "<p>Hello</p>\n",
            .message_id = app::mail::new_message_id(from),
            .date = noon};
}

struct Outbox {
    std::unique_ptr<app::db::Database> database = app::models::open_new_database();

    Outbox() {
        app::base::set_up_log({.level = "warning", .stream = &std::cerr});
        app::models::create_tables(*database);
    }

    std::int64_t add(const app::mail::Message& message, app::base::Timestamp now = app::base::now()) {
        return database->write([&](app::db::Connection& c) { return app::models::add_mail(c, message, now); });
    }
    app::models::Mail get(std::int64_t id) {
        return database->read([&](app::db::Connection& c) { return app::models::get_mail(c, id); });
    }
    std::string state(std::int64_t id) { return std::string{to_string(get(id).state)}; }
    std::int64_t count(app::models::MailState state) {
        return database->read([&](app::db::Connection& c) { return app::models::count_mails(c, state); });
    }
    std::vector<app::models::Mail> list() {
        return database->read([&](app::db::Connection& c) { return app::models::list_mails(c, {}, {}, 1000); });
    }
};

// Whether it becomes true within half a minute.
template <class IsSo>
bool soon(IsSo is_so) {
    for (int i = 0; i < 3000 && !is_so(); ++i) std::this_thread::sleep_for(std::chrono::milliseconds{10});
    return is_so();
}

}  // namespace tests
