#include "app/mail/providers.hpp"

#include <algorithm>
#include <vector>

#include "app/base/nearest.hpp"
#include "app/base/text.hpp"

namespace app::mail {

namespace {

constexpr std::string_view own_address = "your whole address";

// clang-format off: a row is easier to read as it was written
constexpr Provider table[] = {
    {.name = "gmail", .title = "Gmail", .host = "smtp.gmail.com", .port = 587, .tls = Tls::starttls,
     .username = own_address, .password = "an app password of 16 letters, not the account's", .password_letters = 16,
     .advice = "turn on 2-step verification, then make an app password",
     .page = "https://myaccount.google.com/apppasswords"},
    {.name = "outlook", .title = "Outlook.com", .host = "smtp-mail.outlook.com", .port = 587, .tls = Tls::starttls,
     .username = own_address, .password = "an OAuth 2 access token, with MAIL_AUTH=xoauth2",
     .advice = "personal accounts no longer sign in with passwords: use MAIL_AUTH=xoauth2, or another provider",
     .page = "https://learn.microsoft.com/exchange/client-developer/legacy-protocols/how-to-authenticate-an-imap-pop-smtp-application-by-using-oauth"},
    {.name = "office365", .title = "Microsoft 365", .host = "smtp.office365.com", .port = 587, .tls = Tls::starttls,
     .username = own_address, .password = "an access token with MAIL_AUTH=xoauth2, or an app password where the tenant allows it",
     .advice = "let an administrator turn on \"Authenticated SMTP\" for the mailbox",
     .page = "https://admin.microsoft.com"},
    {.name = "qq", .title = "QQ Mail", .host = "smtp.qq.com", .port = 465, .tls = Tls::implicit,
     .username = own_address, .password = "an authorisation code of 16 letters, not the account's password",
     .password_letters = 16, .own_address_only = true,
     .advice = "turn on the SMTP service under Settings, Account, and let it make an authorisation code",
     .page = "https://mail.qq.com"},
    {.name = "exmail", .title = "Tencent Exmail", .host = "smtp.exmail.qq.com", .port = 465, .tls = Tls::implicit,
     .username = own_address, .password = "a client-specific password", .own_address_only = true,
     .advice = "turn on secure login under Settings, Mail binding, and make a client-specific password",
     .page = "https://exmail.qq.com"},
    {.name = "163", .title = "NetEase 163", .host = "smtp.163.com", .port = 465, .tls = Tls::implicit,
     .username = own_address, .password = "an authorisation code of 16 letters, not the account's password",
     .password_letters = 16, .own_address_only = true,
     .advice = "turn on SMTP under Settings, POP3/SMTP/IMAP, and let it make an authorisation code",
     .page = "https://mail.163.com"},
    {.name = "126", .title = "NetEase 126", .host = "smtp.126.com", .port = 465, .tls = Tls::implicit,
     .username = own_address, .password = "an authorisation code of 16 letters, not the account's password",
     .password_letters = 16, .own_address_only = true,
     .advice = "turn on SMTP under Settings, POP3/SMTP/IMAP, and let it make an authorisation code",
     .page = "https://mail.126.com"},
    {.name = "aliyun", .title = "Alibaba Mail Enterprise", .host = "smtp.qiye.aliyun.com", .port = 465, .tls = Tls::implicit,
     .username = own_address, .password = "a third-party client security password", .own_address_only = true,
     .advice = "make a client security password under Settings, Account and Security",
     .page = "https://qiye.aliyun.com"},
    {.name = "yahoo", .title = "Yahoo Mail", .host = "smtp.mail.yahoo.com", .port = 465, .tls = Tls::implicit,
     .username = own_address, .password = "an app password of 16 letters, not the account's", .password_letters = 16,
     .own_address_only = true, .advice = "generate an app password under Account Security",
     .page = "https://login.yahoo.com/account/security"},
    {.name = "icloud", .title = "iCloud Mail", .host = "smtp.mail.me.com", .port = 587, .tls = Tls::starttls,
     .username = "your whole iCloud address", .password = "an app-specific password of 16 letters, not the account's",
     .password_letters = 16, .own_address_only = true,
     .advice = "make an app-specific password under Sign-In and Security", .page = "https://account.apple.com"},
    {.name = "zoho", .title = "Zoho Mail", .host = "smtp.zoho.com", .port = 465, .tls = Tls::implicit,
     .username = own_address, .password = "the account's password or, with 2-factor sign-in, an application-specific one",
     .own_address_only = true, .advice = "accounts of other data centres have other hosts: smtp.zoho.eu, smtp.zoho.in, smtppro.zoho.com",
     .page = "https://accounts.zoho.com/home#security/app_password"},
    {.name = "fastmail", .title = "Fastmail", .host = "smtp.fastmail.com", .port = 465, .tls = Tls::implicit,
     .username = own_address, .password = "an app password of 16 letters, not the account's", .password_letters = 16,
     .advice = "make an app password with access to SMTP", .page = "https://app.fastmail.com/settings/security/integrations"},
    {.name = "ses", .title = "Amazon SES", .host = "email-smtp.{region}.amazonaws.com", .port = 587, .tls = Tls::starttls,
     .username = "the SMTP user name (AKIA...)", .password = "the SMTP password, which is not the secret access key",
     .password_letters = 44, .advice = "name the region, as in MAIL_PROVIDER=ses:eu-west-1, and verify the sender's domain there",
     .page = "https://console.aws.amazon.com/ses (SMTP settings)"},
    {.name = "sendgrid", .title = "SendGrid", .host = "smtp.sendgrid.net", .port = 587, .tls = Tls::starttls,
     .username = "the word apikey", .password = "an API key (SG....)", .fixed_username = "apikey",
     .advice = "make an API key that may send mail, and verify the sender",
     .page = "https://app.sendgrid.com/settings/api_keys"},
    {.name = "mailgun", .title = "Mailgun", .host = "smtp.mailgun.org", .port = 587, .tls = Tls::starttls,
     .username = "an SMTP user such as postmaster@your.domain", .password = "that user's SMTP password, not the API key",
     .advice = "domains in the EU use MAIL_SERVER=smtp.eu.mailgun.org", .page = "https://app.mailgun.com (SMTP credentials)"},
    {.name = "postmark", .title = "Postmark", .host = "smtp.postmarkapp.com", .port = 587, .tls = Tls::starttls,
     .username = "the server's API token", .password = "the same token once more", .password_letters = 32,
     .advice = "set user name and password to the server API token, and verify the sender",
     .page = "https://account.postmarkapp.com/servers"},
    {.name = "brevo", .title = "Brevo", .host = "smtp-relay.brevo.com", .port = 587, .tls = Tls::starttls,
     .username = "the SMTP login", .password = "an SMTP key (xsmtpsib-...), not the API key or the account's password",
     .advice = "take login and key from SMTP & API, and verify the sender", .page = "https://app.brevo.com/settings/keys/smtp"},
};
// clang-format on

constexpr std::string_view region = "{region}";

}  // namespace

std::span<const Provider> providers() { return table; }

const Provider* find_provider(std::string_view choice) {
    const std::string name = base::to_lower_ascii(choice.substr(0, choice.find(':')));
    const auto* found = std::ranges::find(table, name, &Provider::name);
    return found == std::end(table) ? nullptr : found;
}

const Provider* find_provider_of_host(std::string_view host) {
    const std::string name = base::to_lower_ascii(host);
    for (const Provider& provider : table) {
        const std::size_t hole = std::min(provider.host.find(region), provider.host.size());
        const std::string_view before = provider.host.substr(0, hole);
        const std::string_view after = hole == provider.host.size() ? "" : provider.host.substr(hole + region.size());
        if (hole == provider.host.size() ? name == before : name.starts_with(before) && name.ends_with(after)) return &provider;
    }
    return nullptr;
}

std::string host_of(const Provider& provider, std::string_view choice) {
    std::string host(provider.host);
    const std::size_t hole = host.find(region);
    if (hole == std::string::npos) return host;
    const std::size_t colon = choice.find(':');
    const std::string_view given = colon == std::string_view::npos ? "" : choice.substr(colon + 1);
    return given.empty() ? "" : host.replace(hole, region.size(), given);
}

std::string unknown_provider(std::string_view choice) {
    std::vector<std::string_view> names;
    std::string all;
    for (const Provider& provider : table) {
        names.push_back(provider.name);
        all.append(all.empty() ? "" : ", ").append(provider.name);
    }
    const std::string_view near = base::nearest(choice, names);
    const std::string hint = near.empty() ? "; there are: " : "; did you mean " + std::string(near) + "? There are: ";
    return "there is no provider " + std::string(choice) + hint + all;
}

}  // namespace app::mail
