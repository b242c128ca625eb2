// Providers, what follows from the choices, and what is wrong with them.
#include "app/mail/settings.hpp"

#include <doctest/doctest.h>

#include <set>

#include "app/mail/address.hpp"
#include "tests/support/checks.hpp"

using namespace app::mail;
using tests::contains;

namespace {

// With which nothing is wrong.
Choices good() {
    Choices choices;
    choices.server = "smtp.dewar.example";
    choices.use_tls = true;
    choices.username = "ada@dewar.example";
    choices.password = "engine no. 1";
    return choices;
}

std::string server(const Settings& settings) {
    const char* tls = settings.tls == Tls::none ? "none" : settings.tls == Tls::starttls ? "starttls" : "implicit";
    return settings.server + ":" + std::to_string(settings.port) + " " + tls;
}

// The only fault as "variable reason", with a ! if it is fatal.
std::string fault(const Choices& choices) {
    const auto faults = find_faults(choices);
    if (faults.empty()) return "none";
    std::string text;
    for (const Fault& one : faults) text += (text.empty() ? "" : "; ") + one.variable + " " + one.reason + (one.fatal ? "!" : "");
    return text;
}

}  // namespace

TEST_CASE("every provider has a name of its own, a host, TLS, and says what it wants and where to get it") {
    std::set<std::string_view> names;
    for (const Provider& provider : providers()) {
        CAPTURE(provider.name);
        CHECK(names.insert(provider.name).second);
        CHECK((provider.tls == Tls::implicit ? provider.port == 465 : provider.tls == Tls::starttls && provider.port == 587));
        CHECK_FALSE(provider.title.empty());
        CHECK_FALSE(provider.username.empty());
        CHECK_FALSE(provider.password.empty());
        CHECK_FALSE(provider.advice.empty());
        CHECK(provider.page.starts_with("https://"));
        CHECK_NOTHROW(domain_of("x@" + host_of(provider, std::string(provider.name) + ":eu-west-1")));
        CHECK(find_provider_of_host(host_of(provider, std::string(provider.name) + ":eu-west-1")) == &provider);
        CHECK(find_provider(provider.name) == &provider);
    }
    for (const char* name : {"gmail", "outlook", "office365", "qq", "163", "126", "yahoo", "icloud", "zoho", "fastmail", "ses",
                             "sendgrid", "mailgun", "postmark", "brevo", "aliyun", "exmail"}) {
        CHECK(names.contains(name));
    }
}

TEST_CASE("a provider fills in what was left open") {
    Choices choices;
    choices.provider = "gmail";
    CHECK(server(settle(choices)) == "smtp.gmail.com:587 starttls");
    choices.provider = "QQ";
    CHECK(server(settle(choices)) == "smtp.qq.com:465 implicit");
    choices.provider = "ses:eu-west-1";
    CHECK(server(settle(choices)) == "email-smtp.eu-west-1.amazonaws.com:587 starttls");
    choices.provider = "gmail";
    choices.use_ssl = true;
    CHECK(server(settle(choices)) == "smtp.gmail.com:465 implicit");
    choices.use_ssl = false;
    choices.port = 465;
    CHECK(server(settle(choices)) == "smtp.gmail.com:465 implicit");
    choices.port = 2525;
    choices.server = "relay.dewar.example";
    CHECK(server(settle(choices)) == "relay.dewar.example:2525 starttls");
}

TEST_CASE("without a provider the port follows from TLS") {
    Choices choices;
    choices.server = "smtp.dewar.example";
    CHECK(server(settle(choices)) == "smtp.dewar.example:25 none");
    choices.use_tls = true;
    CHECK(server(settle(choices)) == "smtp.dewar.example:587 starttls");
    choices.use_tls = false;
    choices.use_ssl = true;
    CHECK(server(settle(choices)) == "smtp.dewar.example:465 implicit");
    choices.server = "smtp.gmail.com";
    CHECK(settle(choices).provider == find_provider("gmail"));
}

TEST_CASE("the sender is the username, if that is an address and there is no other") {
    CHECK(settle(good()).default_sender == "ada@dewar.example");
    Choices choices = good();
    choices.default_sender = "Dewar <blog@dewar.example>";
    CHECK(settle(choices).default_sender == "Dewar <blog@dewar.example>");
    choices.default_sender = "";
    choices.username = "ada";
    CHECK(settle(choices).default_sender.empty());
    CHECK(contains(fault(choices), "MAIL_DEFAULT_SENDER is not set, and MAIL_USERNAME is no address to take its place!"));
    choices.default_sender = "blog";
    CHECK(fault(choices) == "MAIL_DEFAULT_SENDER is no address!");
}

TEST_CASE("nothing is wrong with nothing, nor with good choices") {
    CHECK(fault({}) == "none");
    CHECK(fault(good()) == "none");
}

TEST_CASE("TLS modes and ports that do not fit are told") {
    Choices choices = good();
    choices.use_ssl = true;
    CHECK(fault(choices) == "MAIL_USE_TLS and MAIL_USE_SSL are both on, and only one can be!");
    choices.use_ssl = false;
    choices.port = 465;
    CHECK(fault(choices) == "MAIL_PORT 465 wants TLS from the first byte, and MAIL_USE_TLS begins in clear!");
    choices.use_tls = false;
    CHECK(fault(choices) == "MAIL_PORT 465 wants TLS from the first byte, and MAIL_USE_SSL is off!");
    choices.use_ssl = true;
    for (const int port : {25, 587}) {
        choices.port = port;
        CHECK(fault(choices) ==
              "MAIL_PORT " + std::to_string(port) + " begins in clear, and MAIL_USE_SSL wants TLS from the first byte!");
    }
    choices.use_ssl = false;
    CHECK(contains(fault(choices), "are off: the password would cross the network in clear!"));
    choices.server = "localhost";
    CHECK(fault(choices) == "none");
}

TEST_CASE("half a pair of credentials is told") {
    Choices choices = good();
    choices.password = "";
    CHECK(fault(choices) == "MAIL_PASSWORD is not set, and MAIL_USERNAME is!");
    choices = good();
    choices.username = "";
    choices.default_sender = "blog@dewar.example";
    CHECK(fault(choices) == "MAIL_USERNAME is not set, and MAIL_PASSWORD is!");
}

TEST_CASE("what a provider does not take is told before it is asked") {
    Choices choices;
    choices.provider = "gmial";
    CHECK(contains(fault(choices), "MAIL_PROVIDER there is no provider gmial; did you mean gmail? There are: gmail, outlook,"));
    choices.provider = "ses";
    CHECK(contains(fault(choices), "MAIL_PROVIDER does not say which region!"));
    choices.provider = "gmail";
    CHECK(contains(fault(choices), "MAIL_USERNAME is not set, and Gmail takes no mail from strangers!"));
    choices.username = "ada@gmail.com";
    choices.password = "my password";
    CHECK(fault(choices) == "MAIL_PASSWORD has 10 letters; Gmail wants an app password of 16 letters, not the account's");
    choices.password = "abcd efgh ijkl mnop";
    CHECK(fault(choices) == "none");
    choices.username = "ada";
    choices.default_sender = "ada@gmail.com";
    CHECK(fault(choices) == "MAIL_USERNAME is no address, and Gmail wants your whole address!");
    choices.provider = "sendgrid";
    CHECK(fault(choices) == "MAIL_USERNAME is not the word apikey, as SendGrid wants it!");
    choices.provider = "163";
    choices.username = "ada@163.com";
    CHECK(contains(fault(choices), "MAIL_DEFAULT_SENDER is not MAIL_USERNAME: NetEase 163 takes other senders only"));
    choices.provider = "outlook";
    choices.username = choices.default_sender = "ada@outlook.com";
    CHECK(contains(fault(choices), "MAIL_AUTH is not xoauth2"));
    choices.auth = "xoauth2";
    CHECK(fault(choices) == "none");
}

TEST_CASE("suppressed mail, and a file of authorities that cannot be read, are told") {
    Choices choices = good();
    choices.suppress_send = true;
    CHECK(fault(choices) == "MAIL_SUPPRESS_SEND is on: no mail leaves!");
    choices = good();
    choices.ca_file = "/nonexistent/ca.pem";
    CHECK(fault(choices) == "MAIL_CA_FILE cannot be read: /nonexistent/ca.pem: No such file or directory!");
}

TEST_CASE("of a secret its length is shown, and two characters if it is long") {
    CHECK(masked("geheim") == "6 characters");
    CHECK(masked("geheimnis") == "9 characters, ge...");
}
