// mariadbd killed as by kill -9 under sixteen writers, with durable settings, and started again, round after round: every post that
// was acknowledged is there once, and no other more than once. DEWAR_KILL_ROUNDS says how often.
// labels: mariadb concurrent
#include <cstdlib>
#include <iostream>

#include "tests/integration/support/mysql_app.hpp"
#include "tests/integration/support/running.hpp"

TEST_CASE("Killed under sixteen writers and started again, the server has every acknowledged post once") {
    const char* wanted = std::getenv("DEWAR_KILL_ROUNDS");
    const int rounds = wanted ? std::atoi(wanted) : 8;
    tests::MysqlApp app({.server = {"--innodb-flush-log-at-trx-commit=1", "--skip-debug-no-sync"},
                         .change = [](config::Config& config) { config.server.workers = 16; }});
    tests::Load load(app, 16);
    for (int round = 0; round < rounds; ++round) {
        CHECK(load.goes_on(200));
        app.server.kill();
        app.server.start("--innodb-flush-log-at-trx-commit=1 --skip-debug-no-sync");
        CHECK(tests::soon([&] { return app.is_ready(); }));
    }
    CHECK(load.goes_on(200));
    load.stop();
    const auto outcome = load.outcome();
    std::cout << "kill -9: " << rounds << " rounds, " << load.acknowledged() << " posts acknowledged, " << outcome.acknowledged
              << " of them found once, " << outcome.lost << " lost, " << outcome.doubled << " doubled; " << outcome.unacknowledged
              << " not acknowledged, " << outcome.there_all_the_same << " of them there\n";
    CHECK(outcome.acknowledged == load.acknowledged());
    CHECK(outcome.lost == 0);
    CHECK(outcome.doubled == 0);
    CHECK(outcome.counts_are_right);
}
