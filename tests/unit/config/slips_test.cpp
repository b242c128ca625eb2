// Variables that somebody set with a slip of the hand.
#include "config/slips.hpp"

#include "tests/unit/config/fixture.hpp"

using namespace config;

namespace {

std::vector<Slip> slips_in(Environment::Variables variables, const std::string& dotenv = "/nonexistent/.env") {
    return find_slips("MAIL_", Environment(std::move(variables)), dotenv);
}

// The only slip as "variable reason; remedy", with a ! if load() would refuse it.
std::string slip_in(Environment::Variables variables) {
    const auto slips = slips_in(std::move(variables));
    if (slips.size() != 1) return std::to_string(slips.size()) + " slips";
    const Slip& slip = slips.front();
    return slip.variable + " " + slip.reason + "; " + slip.remedy + (slip.refused ? "!" : "");
}

}  // namespace

TEST_CASE("good variables have no slip") {
    CHECK(slips_in({{"MAIL_SERVER", "smtp.example.com"},
                    {"MAIL_PORT", "587"},
                    {"MAIL_USE_TLS", "On"},
                    {"MAIL_USE_SSL", "False"},
                    {"MAIL_PASSWORD", "it's a \"secret\" #1"},
                    {"MAIL_DEFAULT_SENDER", "Dewar <blog@example.com>"},
                    {"MAIL", "/var/mail/root"},
                    {"SECRET_KEY", ""}})
              .empty());
}

TEST_CASE("quotes that came along are found") {
    CHECK(slip_in({{"MAIL_SERVER", "\"smtp.example.com\""}}) ==
          "MAIL_SERVER begins and ends with a quote, which is part of the value; leave the quotes out!");
    CHECK(slip_in({{"MAIL_PASSWORD", "'geheim'"}}).starts_with("MAIL_PASSWORD begins and ends with a quote"));
}

TEST_CASE("a blank around a value is found; a secret may have one") {
    CHECK(slip_in({{"MAIL_SERVER", "smtp.example.com "}}) == "MAIL_SERVER begins or ends with a blank; leave the blank out!");
    CHECK(slip_in({{"MAIL_USE_TLS", " true"}}) == "MAIL_USE_TLS begins or ends with a blank; leave the blank out!");
    CHECK(slip_in({{"MAIL_SUBJECT_PREFIX", "[Dewar] "}}).starts_with("MAIL_SUBJECT_PREFIX begins or ends with a blank"));
}

TEST_CASE("names that no shell has read are found") {
    CHECK(slip_in({{"export MAIL_SERVER", "smtp.example.com"}}) ==
          "MAIL_SERVER is set under the name \"export MAIL_SERVER\", which nobody reads; write MAIL_SERVER=..., with nothing "
          "before it "
          "and no blank around the =!");
    CHECK(slip_in({{"MAIL_SERVER ", " smtp.example.com"}}).starts_with("MAIL_SERVER is set under the name \"MAIL_SERVER \""));
    CHECK(slip_in({{"MAIL_SERVER", "export MAIL_SERVER=x"}}).starts_with("MAIL_SERVER holds a whole assignment"));
    CHECK(slip_in({{"MAIL_SERVER", "MAIL_SERVER=x"}}).starts_with("MAIL_SERVER holds a whole assignment"));
    CHECK(slip_in({{"MAIL_SEVER", "x"}}) == "MAIL_SEVER no setting has this name; did you mean MAIL_SERVER?");
}

TEST_CASE("values of the wrong kind are found, with what would be right") {
    CHECK(slip_in({{"MAIL_PORT", "smtp"}}) ==
          "MAIL_PORT mail.port must be a whole number from 0 to 65535, not \"smtp\"; mend the value!");
    CHECK(slip_in({{"MAIL_PORT", "587 # STARTTLS"}}).ends_with("; put the comment on a line of its own!"));
    CHECK(slip_in({{"MAIL_USE_TLS", "Flase"}}) ==
          "MAIL_USE_TLS mail.use_tls must be true or false (or on, off, yes, no, 1, 0), not \"Flase\"; mend the value!");
    CHECK(contains(slip_in({{"MAIL_SERVER", "smtp.example.com:587"}}), "must be a host name or an address, without a port"));
    CHECK(slip_in({{"MAIL_PORT", ""}}) == "MAIL_PORT is set, but empty; set it, or leave it out!");
    CHECK(slip_in({{"MAIL_PASSWORD", ""}}) == "MAIL_PASSWORD is set, but empty; set it, or leave it out");
}

TEST_CASE("a # that cut a secret in .env is found, a comment behind a port is none") {
    const TemporaryFolder folder;
    const std::string path = tests::write_text(
        folder / ".env", "MAIL_PORT=587 # STARTTLS\nMAIL_PASSWORD=geheim #1\nexport MAIL_SERVER=smtp.example.com\n"
                         "MAIL_USERNAME='ann #1'\n");
    const auto slips = slips_in({}, path);
    REQUIRE(slips.size() == 2);
    CHECK(slips[0].origin == path + ":2");
    CHECK(slips[0].reason == "ends before a #: what follows was taken for a comment");
    CHECK_FALSE(slips[0].refused);
    CHECK(slips[1].variable == "MAIL_USERNAME");
    CHECK(contains(slips[1].reason, "a name without blanks"));
    tests::write_text(path, "MAIL_PASSWORD= #geheim\n");
    CHECK(slips_in({}, path).size() == 1);
    tests::write_text(path, "MAIL_PASSWORD = geheim\n");
    REQUIRE(slips_in({}, path).size() == 1);
    CHECK(slips_in({}, path).front().reason == path + ":1: no space may stand around the =");
}

TEST_CASE("all slips are found at once, and none tells a secret") {
    const auto slips =
        slips_in({{"MAIL_PORT", "x"}, {"MAIL_USE_TLS", "x"}, {"MAIL_PASSWORD", "\"geheim\""}, {"MAIL_USE_SSL", "y"}});
    CHECK(slips.size() == 4);
    for (const Slip& slip : slips) CHECK_FALSE(contains(slip.reason + slip.remedy + slip.origin, "geheim"));
}
