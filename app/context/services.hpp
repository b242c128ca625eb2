// What create_app builds once and every request uses. Safe for all threads: what changes in here guards itself.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "app/base/secret.hpp"
#include "app/db/database.hpp"
#include "app/db/migration.hpp"
#include "app/mail/settings.hpp"
#include "app/maintenance/watch.hpp"
#include "app/throttle/guesses.hpp"
#include "app/throttle/mail_limit.hpp"
#include "app/throttle/rate_limit.hpp"
#include "app/web/template.hpp"
#include "config/config.hpp"

namespace app {

struct Services {
    config::Config config;
    std::unique_ptr<db::Database> database;
    base::Signer signer;
    base::Passwords passwords;
    web::Templates templates;
    std::vector<db::Migration> migrations;                              // that this binary knows
    std::unique_ptr<throttle::RateLimit> address_limit, account_limit;  // null where limits are off, as the next
    std::unique_ptr<throttle::Guesses> guesses;
    std::unique_ptr<throttle::MailLimit> mail_limit;
    mail::Settings mail;

    // To be called after a write that queued a mail; without it the mail is found a little later. Set before the server runs.
    std::function<void()> wake_mail_sender = [] {};

    // What /metrics says. Set by the application.
    std::function<std::string()> metrics = {};

    maintenance::Switch maintenance{};  // turned by who watches its file: the server
    std::atomic<bool> draining{false};  // the server is being stopped: it is not ready for more
};

}  // namespace app
