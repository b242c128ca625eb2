// The mail of an app, by its config: who delivers what is in the outbox, and which errors are put there. `manage runserver` starts both;
// an app by itself, as tests have it, sends nothing.
#pragma once

#include <memory>
#include <string>

#include "app/app.hpp"
#include "app/outbox/error_mails.hpp"
#include "app/outbox/sender.hpp"

namespace app {

// Why no mail can be delivered, and what to type, in one line; empty if it can, or if it is suppressed.
std::string obstacle_to_mail(const config::Config& config);

// What delivers mail. Throws invalid with the obstacle if there is one.
std::unique_ptr<mail::Mailer> make_mailer(const config::Config& config);

// How long a sender of this config holds a mail and tries again.
outbox::Plan mail_plan(const config::Config& config);

// Starts the sender of the app's outbox, and has the app wake it. nullptr, after a line in the log, if there is an obstacle: the site
// serves all the same, and mails wait. Before the server runs; the sender ends before the app, and after all who wake it.
std::unique_ptr<outbox::Sender> start_mail_sender(App& app);

// Puts errors of the log into the outbox, for APP_ADMIN, where the config says so and mail can be delivered; else nullptr.
std::unique_ptr<outbox::ErrorMails> start_error_mails(App& app);

}  // namespace app
