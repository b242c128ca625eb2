// Who a request is from when proxies stand in front of the server, over real HTTP from 127.0.0.1.
#include "tests/integration/manage.hpp"
#include "tests/integration/support/live_app.hpp"

namespace {

using namespace tests;

std::function<void(config::Config&)> trusting(std::vector<std::string> proxies, std::string header = "x-forwarded-for") {
    return [proxies = std::move(proxies), header = std::move(header)](config::Config& config) {
        config.server.trusted_proxies = proxies;
        config.server.forwarded_header = header;
    };
}

std::string who(const LiveApp& live, const Headers& headers) {
    const auto answer = live.client().get("/_whoami", headers).json();
    return *answer.find("peer")->string() + " " + *answer.find("scheme")->string();
}

}  // namespace

TEST_CASE("without trusted proxies every client is its socket's address, whatever it says") {
    LiveApp live;
    CHECK(who(live, {{"X-Forwarded-For", "203.0.113.9"}, {"X-Forwarded-Proto", "https"}, {"Forwarded", "for=203.0.113.9"}}) ==
          "127.0.0.1 http");
}

TEST_CASE("a peer that is not in the list is believed nothing") {
    LiveApp live{trusting({"10.0.0.0/8", "::1"})};
    CHECK(who(live, {{"X-Forwarded-For", "203.0.113.9"}, {"X-Forwarded-Proto", "https"}}) == "127.0.0.1 http");
}

TEST_CASE("a trusted proxy tells the client and the scheme, and what the client forged does not count") {
    LiveApp live{trusting({"127.0.0.0/8"})};
    CHECK(who(live, {}) == "127.0.0.1 http");
    CHECK(who(live, {{"X-Forwarded-For", "203.0.113.9"}, {"X-Forwarded-Proto", "https"}}) == "203.0.113.9 https");
    CHECK(who(live, {{"X-Forwarded-For", "198.51.100.1, 203.0.113.9"}}) == "203.0.113.9 http");
    CHECK(who(live, {{"X-Forwarded-For", "198.51.100.1"}, {"X-Forwarded-For", "2001:db8::7, 127.0.0.3"}}) == "2001:db8::7 http");
    CHECK(who(live, {{"X-Forwarded-For", "203.0.113.9"}, {"Forwarded", "for=198.51.100.1;proto=https"}}) == "203.0.113.9 http");
}

TEST_CASE("where the proxies set Forwarded, X-Forwarded-For counts for nothing") {
    LiveApp live{trusting({"127.0.0.1"}, "forwarded")};
    CHECK(who(live, {{"Forwarded", "for=\"[2001:db8::7]:99\";proto=https"}, {"X-Forwarded-For", "198.51.100.1"}}) ==
          "2001:db8::7 https");
    CHECK(who(live, {{"X-Forwarded-For", "198.51.100.1"}, {"X-Forwarded-Proto", "https"}}) == "127.0.0.1 http");
}

TEST_CASE("a worker is told the client too, and so is the log") {
    CapturedLog log;
    {
        LiveApp live{trusting({"127.0.0.1"})};
        CHECK(live.client().request("PUT", "/_echo", {{"X-Forwarded-For", "203.0.113.9"}}, "x").status == 200);
    }
    CHECK(contains(log.text(), "peer=203.0.113.9"));
}

TEST_CASE("a bad entry in the list is refused at the start, where it stands") {
    Installation here;
    here.environment["APP_SERVER__TRUSTED_PROXIES"] = "10.0.0.0/8, 10.0.0.1/8";
    const Finished refused = here.manage({"runserver", "--port", "0"});
    CHECK(refused.exit_code == 1);
    CHECK(refused.err ==
          "manage: environment APP_SERVER__TRUSTED_PROXIES: each part of server.trusted_proxies must be an address or a "
          "network, such as 10.0.0.0/8 or ::1, not \"10.0.0.1/8\"\n");
}
