// labels: full
// The files of `manage install-service`, as those read them whom they are for: systemd and logrotate.
#include <doctest/doctest.h>

#include <algorithm>

#include "tests/integration/manage.hpp"

namespace {

using namespace tests;

// The unit, as a file named as systemd wants it.
std::string unit_of(const Installation& system, const std::string& port) {
    const Finished printed = system.manage({"install-service", "--print", "--user", "root"});
    REQUIRE_MESSAGE(printed.exit_code == 0, printed.err);
    REQUIRE(printed.out.find(port == "80" ? "CAP_NET_BIND_SERVICE" : "CapabilityBoundingSet=\n") != std::string::npos);
    const std::string path = system.path() / "dewar.service";
    std::filesystem::remove(path);
    write_text(path, printed.out);
    return path;
}

}  // namespace

TEST_CASE("systemd takes the unit without a word, and finds little that it could do to the system") {
    for (const std::string port : {"5000", "80"}) {
        Installation system;
        system.environment["APP_SERVER__PORT"] = port;
        const std::string unit = unit_of(system, port);
        const Finished verified = run({.arguments = {"/usr/bin/systemd-analyze", "verify", "--man=no", unit}});
        CHECK_MESSAGE(verified.exit_code == 0, verified.err);
        CHECK_MESSAGE(verified.err.find("dewar.service") == std::string::npos, verified.err);
        // A tenth of a point each; without any of these lines it were 9.2. It serves a network, and may be root in this test.
        const Finished judged =
            run({.arguments = {"/usr/bin/systemd-analyze", "security", "--offline=yes", "--threshold=20", unit}});
        CHECK_MESSAGE(judged.exit_code == 0, judged.out);
    }
}

TEST_CASE("logrotate understands the rules") {
    Installation system;
    system.environment["APP_LOG__FILE"] = "blog.log";
    write_text(system.path() / "blog.log", "a line\n");
    const Finished rules = system.manage({"install-service", "--print", "--logrotate", "--user", "root"});
    REQUIRE(rules.exit_code == 0);
    write_text(system.path() / "rules", rules.out);
    std::filesystem::permissions(system.path() / "rules", std::filesystem::perms(0644));
    const std::string state = system.path() / "state";
    const Finished tried = run({.arguments = {"/usr/sbin/logrotate", "-d", "-s", state, system.path() / "rules"}});
    CHECK_MESSAGE(tried.exit_code == 0, tried.err);
    CHECK_MESSAGE(tried.err.find("error") == std::string::npos, tried.err);
    CHECK(tried.err.find("considering log " + (system.path() / "blog.log").string()) != std::string::npos);
}
