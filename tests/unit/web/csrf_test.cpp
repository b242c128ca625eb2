#include "app/web/csrf.hpp"

#include <doctest/doctest.h>

#include "app/base/error.hpp"
#include "test_context.hpp"

using namespace app;
using namespace app::web;
using namespace std::chrono_literals;

namespace {

constexpr base::Timestamp noon{std::chrono::seconds{1795348800}};
const base::Signer signer{std::string(32, 'k'), {}};
constexpr std::string_view accepted = "nothing was thrown";

// A visitor's browser with one cookie.
struct Visitor {
    bool is_secure = false;
    std::string cookie = {};
    std::string header = {};
    Request request = {};

    std::string name() const { return is_secure ? "__Host-dewar_csrf" : "dewar_csrf"; }
    Csrf csrf(base::Timestamp now) {
        header = name() + "=" + cookie;
        request.headers = {{"Cookie", header}};
        return Csrf(request, signer, is_secure, now);
    }
    // Opens a page, and returns what its form's field holds.
    std::string open(base::Timestamp now = noon) {
        const Csrf page = csrf(now);
        cookie = page.field();
        return page.field();
    }
    std::string send(const std::string& field, base::Timestamp now = noon) {
        const std::vector<FormField> form{{"name", "ann"}, {"csrf_token", field}};
        return message_of([&] { csrf(now).require(form); });
    }
};

}  // namespace

TEST_CASE("a form is taken from the browser that has its page's cookie") {
    Visitor ann;
    const std::string field = ann.open();
    CHECK(ann.send(field) == accepted);
    CHECK(ann.send(field, noon + 3h) == accepted);
}

TEST_CASE("a form without the field, with another, with none of ours or after its time is told to be reloaded") {
    Visitor ann, eve;
    const std::string field = ann.open(), other = eve.open();
    CHECK(field != other);
    CHECK(message_of([&] { ann.csrf(noon).require({}); }).find("reload the page") != std::string::npos);
    for (const std::string& wrong : {std::string{}, other, field + "A", field.substr(1), std::string(76, 'A')})
        CHECK(ann.send(wrong) != accepted);
    CHECK(ann.send(field, noon + Csrf::lifetime) != accepted);
    Visitor without;
    CHECK(without.send(field) != accepted);
    CHECK(without.send("") != accepted);
    Visitor forged{.cookie = std::string(76, 'A')};
    CHECK(forged.send(forged.cookie) != accepted);
    const base::Signer other_signer{std::string(32, 'x'), {}};
    Visitor planted{.cookie = other_signer.sign("csrf", {.subject = 1, .version = 2, .expires = noon + 1h})};
    CHECK(planted.send(planted.cookie) != accepted);
    Visitor misused{.cookie = signer.sign("api", {.subject = 1, .version = 0, .expires = noon + 1h})};
    CHECK(misused.send(misused.cookie) != accepted);
}

TEST_CASE("pages that are open beside each other share a value until half its time is over") {
    Visitor ann;
    const std::string first = ann.open();
    CHECK(ann.open(noon + 1h) == first);
    const std::string second = ann.open(noon + 3h);
    CHECK(second != first);
    CHECK(ann.send(second, noon + 5h) == accepted);
}

TEST_CASE("the cookie is kept from scripts and other sites, and over TLS from other hosts") {
    Visitor ann;
    CHECK(ann.csrf(noon).cookie().starts_with("dewar_csrf="));
    CHECK(ann.csrf(noon).cookie().ends_with("; Path=/; HttpOnly; SameSite=Lax; Max-Age=14400"));
    Visitor secure{.is_secure = true};
    CHECK(secure.csrf(noon).cookie().starts_with("__Host-dewar_csrf="));
    CHECK(secure.csrf(noon).cookie().ends_with("; Max-Age=14400; Secure"));
    CHECK(secure.send(secure.open()) == accepted);
}
