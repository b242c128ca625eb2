// `manage send-test-mail`: whether mail arrives, and if not, why: the variables first, then each step on the way to the server and in
// the conversation with it. Needs neither database nor secret key, and shows no secret.
#include <algorithm>

#include "app/app.hpp"
#include "app/base/error.hpp"
#include "app/mail/advice.hpp"
#include "app/mail/smtp.hpp"
#include "config/slips.hpp"
#include "manage/commands.hpp"
#include "manage/mail_report.hpp"

namespace manage {

namespace {

using app::mail::Delivery;
using app::mail::Settings;
using app::mail::Tls;
using app::mail::Trouble;

// False: what is set cannot be read, and nothing can be tried.
bool look_at_variables(MailReport& report) {
    const config::Environment environment = config::Environment::of_process();
    bool readable = true;
    for (const std::string_view prefix : {"MAIL_", "APP_MAIL__", "APP_ADMIN"}) {
        for (const config::Slip& slip : config::find_slips(prefix, environment)) {
            const std::string what = slip.reason + " (" + slip.origin + ")";
            if (slip.refused) {
                report.fail(slip.variable, what, "", slip.remedy);
            } else {
                report.note(slip.variable, what, slip.remedy);
            }
            readable = readable && !slip.refused;
        }
    }
    return readable;
}

app::mail::Choices choices_of(const Invocation& invocation, const config::Config& config) {
    app::mail::Choices choices = app::mail_choices(config);
    if (const auto provider = invocation.find("--provider")) {
        if (app::mail::find_provider(*provider) == nullptr) {
            throw UsageError("send-test-mail: " + app::mail::unknown_provider(*provider));
        }
        choices.provider = *provider;
        choices.server.clear();
        choices.port = 0;
        choices.use_tls = choices.use_ssl = false;
    }
    return choices;
}

std::vector<app::mail::Address> recipients_of(const Invocation& invocation, const std::string& admin) {
    std::vector<std::string> given = invocation.all("TO");
    if (given.empty() && !admin.empty()) given.push_back(admin);
    if (given.empty()) throw UsageError("send-test-mail: to whom? Give an address, or set APP_ADMIN");
    std::vector<app::mail::Address> recipients;
    for (const std::string& text : given) {
        const auto address = app::mail::parse_address(text);
        if (!address) throw UsageError("send-test-mail: \"" + text + "\" is no address that mail can be sent to");
        recipients.push_back(*address);
    }
    return recipients;
}

std::string server_of(const Settings& settings) {
    const std::string tls = settings.tls == Tls::implicit   ? "TLS from the first byte"
                            : settings.tls == Tls::starttls ? "STARTTLS"
                                                            : "no TLS";
    const std::string name = settings.provider == nullptr ? "" : " (" + std::string(settings.provider->title) + ")";
    return settings.server + ", port " + std::to_string(settings.port) + ", " + tls + name;
}

// False: with these settings there is no use in trying.
bool look_at_settings(MailReport& report, const app::mail::Choices& choices, const Settings& settings) {
    if (choices.provider.empty() && choices.server.empty()) {
        std::string names;
        for (const app::mail::Provider& provider : app::mail::providers())
            names.append(names.empty() ? "" : ", ").append(provider.name);
        report.fail("MAIL_SERVER", "is not set, nor is MAIL_PROVIDER", "",
                    "set MAIL_SERVER, or MAIL_PROVIDER to one of: " + names);
        return false;
    }
    const std::vector<app::mail::Fault> faults = app::mail::find_faults(choices);
    const auto is_faultless = [&](const char* name) {
        return std::ranges::find(faults, name, &app::mail::Fault::variable) == faults.end();
    };
    if (!settings.server.empty()) report.ok("MAIL_SERVER", server_of(settings));
    if (is_faultless("MAIL_USERNAME"))
        report.ok("MAIL_USERNAME", settings.username.empty() ? "not set: nobody signs in" : settings.username);
    if (!settings.password.empty()) report.ok("MAIL_PASSWORD", app::mail::masked(settings.password));
    if (is_faultless("MAIL_DEFAULT_SENDER")) report.ok("MAIL_DEFAULT_SENDER", settings.default_sender);
    for (const app::mail::Fault& fault : faults) {
        if (fault.fatal) {
            report.fail(fault.variable, fault.reason, "", fault.remedy);
        } else {
            report.note(fault.variable, fault.reason, fault.remedy);
        }
    }
    return std::ranges::none_of(faults, &app::mail::Fault::fatal);
}

app::mail::Message make_message(const Settings& settings, std::vector<app::mail::Address> to) {
    const app::mail::Address from = *app::mail::parse_address(settings.default_sender);
    const std::string prefix = settings.subject_prefix.empty() ? "" : settings.subject_prefix + " ";
    return {.from = from,
            .to = std::move(to),
            .subject = prefix + "A test mail from Dewar 测试邮件",
            .text = "This is a test mail from Dewar. Who reads it has mail that "
                    "arrives.\n\n这是一封测试邮件：收到它，说明邮件配置正确。\n",
            .html = "<p>This is a test mail from <b>Dewar</b>. Who reads it has mail that arrives.</p>\n"
                    "<p lang=\"zh\">这是一封测试邮件：收到它，说明邮件配置正确。</p>\n",
            .message_id = app::mail::new_message_id(from),
            .date = app::base::now()};
}

// A certificate that was refused is worth a look, in what is left of the time.
void show_certificate(MailReport& report, const Delivery& delivery, Settings settings) {
    const bool is_refused = delivery.trouble == Trouble::certificate_name || delivery.trouble == Trouble::certificate_expired ||
                            delivery.trouble == Trouble::certificate_untrusted;
    constexpr int worthwhile_ms = 100;
    settings.timeout_ms -= static_cast<int>(delivery.duration_ms);
    if (!is_refused || settings.timeout_ms < worthwhile_ms) return;
    if (const auto shown = app::mail::SmtpMailer(settings).look_at_certificate()) {
        report.note("certificate", shown->subject + ", issued by " + shown->issuer + ", valid until " + shown->valid_until, "");
    }
}

int try_it(const Invocation& invocation, MailReport& report, const Settings& settings, const app::mail::Message& message) {
    const bool rehearses = invocation.has("--dry-run");
    app::mail::SmtpMailer mailer(settings);
    const Delivery delivery = rehearses ? mailer.rehearse(message) : mailer.send(message);
    for (const app::mail::Step& step : delivery.steps) report.ok(to_string(step.stage), step.what);
    if (delivery.outcome == Delivery::Outcome::accepted) {
        const std::string verdict = rehearses ? "Nothing was sent: this was a dry run, and all went well up to the message itself"
                                              : "Accepted by the server: look into the inbox, and into its spam folder";
        return report.finish(verdict, &delivery, message.message_id);
    }
    show_certificate(report, delivery, settings);
    report.fail(to_string(delivery.stage), app::mail::explanation(delivery, settings), delivery.words,
                app::mail::advice(delivery, settings));
    return report.finish("Not sent", &delivery, message.message_id);
}

int run_send_test_mail(Invocation& invocation) {
    MailReport report(invocation, invocation.has("--json"));
    if (!look_at_variables(report)) return report.finish("Not sent", nullptr, "");
    const config::Config& config = invocation.config();
    const app::mail::Choices choices = choices_of(invocation, config);
    std::vector<app::mail::Address> recipients = recipients_of(invocation, config.admin.email);
    const Settings settings = app::mail::settle(choices);
    if (!look_at_settings(report, choices, settings)) return report.finish("Not sent", nullptr, "");
    return try_it(invocation, report, settings, make_message(settings, std::move(recipients)));
}

}  // namespace

Command send_test_mail() {
    using Kind = Option::Kind;
    return {
        .name = "send-test-mail",
        .help = "Send a mail, and explain what is wrong if it cannot be sent",
        .example =
            "  MAIL_PROVIDER=gmail MAIL_USERNAME=ann@gmail.com MAIL_PASSWORD_FILE=secret manage send-test-mail bob@example.com",
        .options = {{.name = "TO", .kind = Kind::positional, .help = "who gets it; else APP_ADMIN", .repeated = true},
                    {.name = "--dry-run", .kind = Kind::flag, .help = "stop before the message itself: nothing is sent"},
                    {.name = "--provider",
                     .value_name = "NAME",
                     .help = "take this provider's host, port and TLS, whatever is set"},
                    {.name = "--json", .kind = Kind::flag, .help = "as JSON"}},
        .run = run_send_test_mail};
}

}  // namespace manage
