#include "app/accounts/mails.hpp"
#include "app/app.hpp"
#include "config/slips.hpp"
#include "manage/findings.hpp"

namespace manage {

Findings check_mail(const config::Config& config, bool exposed) {
    Findings findings;
    const auto obstacle = app::accounts::find_obstacle(config, app::mail::settle(app::mail_choices(config)));
    if (exposed && config.accounts.registration && obstacle) {
        findings.push_back({Level::info, "accounts.registration",
                            "is on, but nobody can register or get a forgotten password back: " + *obstacle,
                            "do so, or set APP_ACCOUNTS__REGISTRATION=false"});
    }
    if (exposed && !obstacle && config.mail.errors && config.admin.email.empty()) {
        findings.push_back(
            {Level::info, "mail.errors", "is on, but there is nobody to mail errors to", "set APP_ADMIN, or MAIL_ERRORS=false"});
    }
    for (config::Slip& slip : config::find_slips("MAIL_", config::Environment::of_process())) {
        findings.push_back({slip.refused ? Level::error : Level::warning, std::move(slip.variable), std::move(slip.reason),
                            std::move(slip.remedy)});
    }
    for (app::mail::Fault& fault : app::mail::find_faults(app::mail_choices(config))) {
        findings.push_back({fault.fatal ? Level::error : Level::warning, std::move(fault.variable), std::move(fault.reason),
                            std::move(fault.remedy)});
    }
    return findings;
}

}  // namespace manage
