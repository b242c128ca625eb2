#include "app/app.hpp"
#include "config/slips.hpp"
#include "manage/findings.hpp"

namespace manage {

Findings check_mail(const config::Config& config) {
    Findings findings;
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
