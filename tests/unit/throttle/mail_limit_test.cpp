#include "app/throttle/mail_limit.hpp"

#include <doctest/doctest.h>

using namespace app::throttle;
using namespace std::chrono_literals;

namespace {

constexpr Time start{1h};

}  // namespace

TEST_CASE("an address gets so many mails in an hour, one after the other again, and no other address pays for it") {
    MailLimit limit({.mails_max = 3, .requests_max = 100, .entries = 64});
    for (int i = 0; i < 3; ++i) CHECK(limit.take_mail("ann@example.com", start));
    CHECK_FALSE(limit.take_mail("ann@example.com", start));
    CHECK(limit.take_mail("bob@example.com", start));
    CHECK_FALSE(limit.take_mail("ann@example.com", start + 19min));
    CHECK(limit.take_mail("ann@example.com", start + 20min));
    CHECK_FALSE(limit.take_mail("ann@example.com", start + 20min));
}

TEST_CASE("a client may ask so often in an hour, whatever for") {
    MailLimit limit({.mails_max = 3, .requests_max = 2, .entries = 64});
    const Key client = *address_key("192.0.2.1"), other = *address_key("192.0.2.2");
    CHECK(limit.take_request(client, start).allowed);
    CHECK(limit.take_request(client, start).allowed);
    CHECK_FALSE(limit.take_request(client, start).allowed);
    CHECK(limit.take_request(other, start).allowed);
    CHECK(limit.take_request(client, start + 30min).allowed);
}
