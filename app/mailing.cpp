#include "app/mailing.hpp"

#include <unistd.h>

#include <algorithm>

#include "app/base/error.hpp"
#include "app/base/host_name.hpp"
#include "app/base/log.hpp"

namespace app {

namespace {

std::string who_i_am(const config::Config& config) {
    return base::host_name() + ", process " + std::to_string(::getpid()) + ", config " + config.name;
}

void tell_obstacle(App& app, const std::string& obstacle) {
    const auto waiting =
        app.services().database->read([](db::Connection& c) { return models::count_mails(c, models::MailState::queued); });
    if (waiting == 0) return base::log_info("mail: " + obstacle);
    base::log_warning("mail: " + std::to_string(waiting) + " wait in the outbox: " + obstacle);
}

}  // namespace

std::string obstacle_to_mail(const config::Config& config) {
    const mail::Choices choices = mail_choices(config);
    if (choices.suppress_send) return "";
    if (choices.server.empty() && choices.provider.empty()) {
        return "no mail is sent, for neither MAIL_SERVER nor MAIL_PROVIDER is set: set one, then try `manage send-test-mail`";
    }
    const auto faults = mail::find_faults(choices);
    const auto fault = std::ranges::find_if(faults, &mail::Fault::fatal);
    if (fault == faults.end()) return "";
    return "no mail is sent, for " + fault->variable + " " + fault->reason + ": " + fault->remedy +
           ", then try `manage send-test-mail`";
}

std::unique_ptr<mail::Mailer> make_mailer(const config::Config& config) {
    const std::string obstacle = obstacle_to_mail(config);
    if (!obstacle.empty()) throw base::Error(base::Code::invalid, obstacle);
    return mail::make_mailer(mail::settle(mail_choices(config)));
}

outbox::Plan mail_plan(const config::Config& config) {
    return {.lease = outbox::lease_for(std::chrono::seconds(config.mail.timeout_s)),
            .retry_for = std::chrono::hours(config.mail.retry_hours)};
}

std::unique_ptr<outbox::Sender> start_mail_sender(App& app) {
    Services& services = app.services();
    const std::string obstacle = obstacle_to_mail(services.config);
    if (!obstacle.empty()) {
        tell_obstacle(app, obstacle);
        return nullptr;
    }
    if (services.config.mail.suppress_send) {
        base::log_info("mail: MAIL_SUPPRESS_SEND is on: what is in the outbox counts as sent, and nothing leaves");
    }
    auto sender = std::make_unique<outbox::Sender>(
        *services.database, make_mailer(services.config),
        outbox::SenderOptions{.plan = mail_plan(services.config),
                              .grace = std::chrono::milliseconds(services.config.server.grace_ms)},
        app.metrics().sender_counts);
    services.wake_mail_sender = [woken = sender.get()] { woken->wake(); };
    return sender;
}

std::unique_ptr<outbox::ErrorMails> start_error_mails(App& app) {
    const Services& services = app.services();
    const config::Config& config = services.config;
    const auto admin = mail::parse_address(config.admin.email);
    if (!config.mail.errors || !admin || config.mail.suppress_send || !obstacle_to_mail(config).empty()) return nullptr;
    const mail::Settings settings = mail::settle(mail_choices(config));
    const auto from = mail::parse_address(settings.default_sender);
    if (!from) return nullptr;
    return std::make_unique<outbox::ErrorMails>(
        *services.database,
        outbox::ErrorMailOptions{
            .from = *from, .to = *admin, .subject_prefix = settings.subject_prefix, .instance = who_i_am(config)},
        services.wake_mail_sender);
}

}  // namespace app
