// Fifty swaps under the load of wrk, with reads and with writes: no request fails.
// labels: full
#include <iostream>

#include "tests/integration/supervised.hpp"

namespace {

using namespace tests;

const char* const script = R"(
local number = 0
function request()
  number = number + 1
  if number % 10 ~= 0 then return wrk.format("GET", "/") end
  return wrk.format("POST", "/_echo", {["Content-Type"] = "text/plain"}, "x")
end
function done(summary)
  local e = summary.errors
  io.write("failed ", e.connect + e.read + e.write + e.status + e.timeout, " of ", summary.requests, "\n")
end
)";

}  // namespace

TEST_CASE("fifty swaps under wrk lose no request") {
    const SupervisedInstallation here;
    Process server(here.supervised({"--log-file", "dewar.log"}));
    server.wait_for("Press Ctrl-C");
    write_text(here.path() / "load.lua", script);
    Start start{.arguments = {"/usr/bin/wrk", "-t2", "-c16", "-d1h", "-s", "load.lua", here.text("url")}, .folder = here.path()};
    Process wrk(start);
    for (int i = 0; i < 50; ++i) {
        const Finished result = here.manage({"restart"});
        REQUIRE_MESSAGE(result.exit_code == 0, result.err);
    }
    wrk.send(SIGINT);  // it ends with its report
    const std::string report = wrk.wait().out;
    std::cout << report;
    CHECK_MESSAGE(contains(report, "failed 0 of "), report);
    CHECK_FALSE(contains(report, "failed 0 of 0\n"));
    CHECK(here.number("swaps") == 50);
    CHECK(here.number("restarts") == 0);
    CHECK(here.manage({"stop"}).exit_code == 0);
}
