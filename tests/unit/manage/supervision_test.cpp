#include "manage/supervision.hpp"

#include <doctest/doctest.h>

namespace {

using namespace std::chrono_literals;
using manage::Supervision;
using Act = Supervision::Act;
using Orders = Supervision::Orders;

constexpr Supervision::Policy policy{.ready_timeout = 60s,
                                     .leave_timeout = 20s,
                                     .restart_delay = 500ms,
                                     .restart_delay_max = 2s,
                                     .steady = 10s,
                                     .restarts_max = 5};

const Supervision::Time start{1h};

// One whose worker 1 has been ready since `start`.
Supervision running() {
    Supervision supervision(policy);
    CHECK(supervision.begin() == Orders{{Act::start}});
    supervision.started(1, start);
    CHECK(supervision.state() == "starting");
    CHECK(supervision.ready(1, start).empty());
    CHECK(supervision.state() == "running");
    return supervision;
}

}  // namespace

TEST_CASE("a first worker that ends is not started again, one that was ready is") {
    Supervision supervision(policy);
    supervision.started(1, start);
    CHECK(supervision.ended(1, "no database", start) == Orders{{Act::finish}});
    CHECK(supervision.exit_code() == 1);
    CHECK_FALSE(supervision.gave_up());
    CHECK(supervision.failure().reason == "no database");

    Supervision other = running();
    CHECK(other.ended(1, "crash", start + 1s) == Orders{{Act::start}});
    CHECK(other.restarts() == 1);
}

TEST_CASE("the pauses between starts grow to a limit, and in the end it is given up") {
    Supervision supervision = running();
    auto now = start;
    CHECK(supervision.ended(1, "crash", now) == Orders{{Act::start}});
    pid_t pid = 2;
    for (const auto pause : {500ms, 1000ms, 2000ms, 2000ms}) {
        supervision.started(pid, now);
        supervision.ready(pid, now);
        CHECK(supervision.ended(pid++, "crash", now).empty());
        CHECK(supervision.state() == "waiting");
        REQUIRE(supervision.deadline().has_value());
        CHECK(*supervision.deadline() == now + pause);
        CHECK(supervision.tick(now + pause - 1ms).empty());
        now += pause;
        CHECK(supervision.tick(now) == Orders{{Act::start}});
    }
    supervision.started(pid, now);
    CHECK(supervision.ended(pid, "crash 6", now) == Orders{{Act::finish}});
    CHECK(supervision.gave_up());
    CHECK(supervision.failure().reason == "crash 6");
}

TEST_CASE("a worker that has served for a while breaks the row of failures") {
    Supervision supervision = running();
    auto now = start;
    pid_t pid = 1;
    for (int i = 0; i < 20; ++i) {
        now += 10s;
        CHECK(supervision.ended(pid, "crash", now) == Orders{{Act::start}});
        supervision.started(++pid, now);
        supervision.ready(pid, now);
    }
    CHECK(supervision.restarts() == 20);
}

TEST_CASE("in a swap the old worker makes room when the new one is ready, and the supervisor renews itself") {
    Supervision supervision = running();
    CHECK(supervision.swap(start) == Orders{{Act::start}});
    supervision.started(2, start);
    CHECK(supervision.state() == "swapping");
    CHECK(supervision.worker() == 1);
    CHECK(supervision.ready(2, start) == Orders{{Act::hand_over, 1}, {Act::renew}});
    CHECK(supervision.worker() == 2);
    CHECK(supervision.swaps() == 1);
    CHECK(supervision.swap_error().empty());
    CHECK(*supervision.deadline() == start + policy.leave_timeout);
    CHECK(supervision.tick(start + policy.leave_timeout) == Orders{{Act::kill, 1}});
    CHECK(supervision.ended(1, "killed", start).empty());
    CHECK(supervision.failure().reason.empty());
    CHECK_FALSE(supervision.deadline().has_value());
}

TEST_CASE("a new worker that fails or is late leaves the old one where it is") {
    Supervision supervision = running();
    supervision.swap(start);
    supervision.started(2, start);
    CHECK(supervision.ended(2, "worker 2 crashed", start).empty());
    CHECK(supervision.swap_error() == "worker 2 crashed");
    supervision.swap(start);
    supervision.started(3, start);
    CHECK(supervision.tick(start + policy.ready_timeout) == Orders{{Act::kill, 3}});
    CHECK(supervision.tick(start + policy.ready_timeout).empty());
    supervision.ended(3, "worker 3 was killed", start);
    CHECK(supervision.swap_error() == "worker 3 was not ready in time");
    CHECK(supervision.state() == "running");
    CHECK(supervision.worker() == 1);
    CHECK(supervision.swaps() == 2);
}

TEST_CASE("a swap during a swap follows it, and one while nobody serves is the start that was waited for") {
    Supervision supervision = running();
    supervision.swap(start);
    supervision.started(2, start);
    CHECK(supervision.swap(start).empty());
    CHECK(supervision.swap(start).empty());
    CHECK(supervision.ready(2, start) == Orders{{Act::hand_over, 1}, {Act::renew}, {Act::start}});
    supervision.started(3, start);
    supervision.ready(3, start);
    CHECK(supervision.swaps() == 2);

    Supervision waiting = running();
    waiting.ended(1, "crash", start);
    waiting.started(2, start);
    waiting.ended(2, "crash", start);
    REQUIRE(waiting.state() == "waiting");
    CHECK(waiting.swap(start) == Orders{{Act::start}});
    waiting.started(3, start);
    CHECK(waiting.ready(3, start) == Orders{{Act::renew}});
    CHECK(waiting.swaps() == 1);
}

TEST_CASE("when the old worker crashes during a swap, the new one takes its place as it is") {
    Supervision supervision = running();
    supervision.swap(start);
    supervision.started(2, start);
    CHECK(supervision.ended(1, "crash", start).empty());
    CHECK(supervision.worker() == 2);
    CHECK(supervision.ready(2, start) == Orders{{Act::renew}});
    CHECK(supervision.swap_error().empty());

    Supervision both = running();
    both.swap(start);
    both.started(2, start);
    both.ended(1, "crash", start);
    CHECK(both.ended(2, "crash as well", start) == Orders{{Act::start}});
    CHECK(both.swap_error() == "crash as well");
}

TEST_CASE("a stop ends all workers, a second one at once, and is over when they are") {
    Supervision supervision = running();
    supervision.swap(start);
    supervision.started(2, start);
    CHECK(supervision.stop(start) == Orders{{Act::stop, 1}, {Act::stop, 2}});
    CHECK(supervision.state() == "stopping");
    CHECK(supervision.swap_error() == "the server was stopped meanwhile");
    CHECK(supervision.swap(start).empty());
    CHECK(supervision.ready(2, start).empty());
    CHECK(supervision.ended(2, "", start).empty());
    CHECK(supervision.stop(start) == Orders{{Act::stop, 1}});
    CHECK(*supervision.deadline() == start + 1s);
    CHECK(supervision.ended(1, "", start) == Orders{{Act::finish}});
    CHECK(supervision.exit_code() == 0);

    Supervision waiting = running();
    waiting.ended(1, "crash", start);
    waiting.started(2, start);
    waiting.ended(2, "crash", start);
    CHECK(waiting.stop(start) == Orders{{Act::finish}});
}

TEST_CASE("the next supervisor goes on where the one before was") {
    Supervision before = running();
    before.ended(1, "crash", start);
    before.started(2, start);
    before.ready(2, start);
    before.swap(start);
    before.started(3, start);
    before.ready(3, start);
    Supervision after(policy, before.save());
    CHECK(after.state() == "running");
    CHECK(after.workers() == std::vector<pid_t>{3, 2});
    CHECK(after.restarts() == 1);
    CHECK(after.swaps() == 1);
    CHECK(after.failure().reason == "crash");
    CHECK(*after.deadline() == start + policy.leave_timeout);
    CHECK(after.ended(3, "crash", start).empty());  // the second in a row
    CHECK(after.state() == "waiting");
}
