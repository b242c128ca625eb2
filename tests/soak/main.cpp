// soak SECONDS [mysql]: a supervised `manage runserver` under mixed load for that long, the first half of it in peace, the second with
// restarts, one after the other. Clients that misbehave, rotation of the log and copies of the database all the while, maintenance at
// the end. No request of a client that behaves may fail, every post that was acknowledged is there once, every answer has its line in
// the log, and in peace neither memory nor descriptors grow. Figures on standard output, the sum in the last line; exits with 1 if
// something is not as it should be, and says what.
#include <algorithm>
#include <chrono>
#include <exception>
#include <iomanip>
#include <iostream>
#include <iterator>
#include <sstream>
#include <string>
#include <string_view>
#include <thread>

#include "app/base/text.hpp"
#include "tests/soak/bad_clients.hpp"
#include "tests/soak/client.hpp"
#include "tests/soak/good_clients.hpp"
#include "tests/soak/process_figures.hpp"
#include "tests/soak/row_count.hpp"
#include "tests/soak/service.hpp"

namespace {

using namespace soak;
using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr milliseconds interval{250};
constexpr std::string_view maintained = "GET / HTTP/1.1\r\nHost: soak\r\nConnection: close\r\n\r\n";

void say(const std::string& line) { std::cout << line << std::endl; }

class Soak {
   public:
    Soak(std::chrono::seconds length, bool on_mysql)
        : length_(length), service_(on_mysql), good_(service_.port(), service_.authorization()), bad_(service_.port()) {}

    bool run() {
        rest();
        change();
        bad_.stop();
        good_.stop();
        check_zombies();
        check_maintenance();
        expect(service_.stop() == 0, "a supervisor that is told to stop does not exit with 0");
        check_requests();
        check_log();
        check_rows();
        say("bad clients: " + std::to_string(bad_.connections()) + " connections");
        say(std::to_string(good_.answers()) + " requests, " + std::to_string(good_.failed()) + " failed, " +
            std::to_string(good_.repeated()) + " sent again, " + std::to_string(restarts_) + " restarts, " +
            std::to_string(rotations_) + " rotations, " + std::to_string(copies_) + " copies, " + std::to_string(faults_) +
            " faults");
        return faults_ == 0;
    }

   private:
    void expect(bool is_so, const std::string& otherwise) {
        if (is_so) return;
        ++faults_;
        say("FAULT: " + otherwise);
    }

    // Half of the time; whoever served at its begin serves at its end.
    void rest() {
        Course worker, supervisor;
        const auto first = service_.worker();
        for_a_while(length_ / 2, [&] {
            if (first) worker.note(figures_of(*first));
            supervisor.note(figures_of(service_.supervisor()));
        });
        expect(first && service_.worker() == first, "the worker is another one than at the beginning, without a restart");
        tell("worker", worker);
        tell("supervisor", supervisor);
    }

    void tell(const std::string& whose, const Course& course) {
        const Figures before = course.second_quarter(), after = course.last_quarter();
        std::ostringstream line;
        line << std::fixed << std::setprecision(1) << whose << " in the second and last quarter of its rest: memory "
             << before.memory_mib << " and " << after.memory_mib << " MiB, descriptors " << before.descriptors << " and "
             << after.descriptors;
        say(line.str());
        const std::string growth = course.find_growth(whose);
        expect(growth.empty(), growth);
    }

    // The other half, restarts one after the other.
    void change() {
        const Figures before = figures_of(service_.supervisor());
        for_a_while(length_ / 2, [&] {
            service_.restart();
            ++restarts_;
        });
        Figures after;
        const bool at_rest = soon([&] {
            after = figures_of(service_.supervisor());
            return after.descriptors <= before.descriptors && service_.worker().has_value();
        });
        expect(at_rest, "after the restarts the supervisor has " + std::to_string(static_cast<int>(after.descriptors)) +
                            " descriptors, and had " + std::to_string(static_cast<int>(before.descriptors)));
    }

    // Rotates and copies, eight times each, and does `also` in between.
    template <class Also>
    void for_a_while(std::chrono::seconds length, Also also) {
        const auto begin = Clock::now(), end = begin + length;
        int parts = 0;
        for (auto next = begin; Clock::now() < end; std::this_thread::sleep_until(std::min(next, end))) {
            next = std::max(next + interval, Clock::now());
            also();
            if (Clock::now() < begin + length * (parts + 1) / 9) continue;
            ++parts;
            service_.rotate_log();
            ++rotations_;
            service_.back_up();
            ++copies_;
        }
    }

    template <class Condition>
    static bool soon(Condition is_so) {
        const auto deadline = Clock::now() + std::chrono::seconds(30);
        while (!is_so() && Clock::now() < deadline) std::this_thread::sleep_for(milliseconds(20));
        return is_so();
    }

    void check_zombies() {
        const auto zombies = [&] {
            auto all = children_of(service_.supervisor());
            for (const pid_t child : children_of(service_.supervisor()))
                std::ranges::copy(children_of(child), std::back_inserter(all));
            return std::ranges::count_if(all, is_zombie);
        };
        expect(soon([&] { return zombies() == 0; }), std::to_string(zombies()) + " processes have ended and nobody asked how");
    }

    void check_maintenance() {
        const auto status = [&] {
            const int found = Client(service_.port()).request(maintained).status;
            ++maintained_;
            return found;
        };
        service_.manage({"maintenance", "on"});
        expect(soon([&] { return status() == 503; }), "maintenance is on and the server does not say so");
        service_.manage({"maintenance", "off"});
        expect(soon([&] { return status() == 200; }), "maintenance is over and the server does not serve");
    }

    void check_requests() {
        expect(good_.failed() == 0, std::to_string(good_.failed()) + " requests of clients that behave failed");
        for (const std::string& failure : good_.failures()) say("  " + failure);
    }

    // A request that was sent again may have been served, and logged, before the connection broke.
    void check_log() {
        const LogCount log = service_.log();
        const std::int64_t answers = good_.answers() + maintained_;
        say("log: " + std::to_string(log.lines()) + " lines, " + std::to_string(log.accesses()) + " of them for " +
            std::to_string(answers) + " answers");
        expect(log.accesses() >= answers && log.accesses() <= answers + good_.repeated() + good_.failed(),
               "the log does not have a line for each answer");
        expect(log.faults().empty(), "the log has lines that it should not have");
        for (const std::string& fault : log.faults()) say("  " + fault);
    }

    void check_rows() {
        const RowCount count = count_rows(service_.database_url(), good_.written());
        say("rows: " + std::to_string(count.rows) + ", acknowledged: " + std::to_string(count.acknowledged) +
            ", lost: " + std::to_string(count.lost) + ", twice: " + std::to_string(count.twice) +
            ", strange: " + std::to_string(count.strange));
        expect(count.is_right(), "not every post that was acknowledged is there once, and no other");
    }

    std::chrono::seconds length_;
    Service service_;
    GoodClients good_;
    BadClients bad_;
    int restarts_ = 0, rotations_ = 0, copies_ = 0, faults_ = 0;
    std::int64_t maintained_ = 0;
};

}  // namespace

int main(int argc, char** argv) {
    const auto seconds = argc > 1 ? app::base::parse_integer(argv[1]) : std::nullopt;
    const bool on_mysql = argc == 3 && argv[2] == std::string_view("mysql");
    if (!seconds || *seconds < 20 || argc > 3 || (argc == 3 && !on_mysql)) {
        std::cerr << "usage: soak SECONDS [mysql], 20 seconds at least\n";
        return 2;
    }
    try {
        return Soak(std::chrono::seconds(*seconds), on_mysql).run() ? 0 : 1;
    } catch (const std::exception& error) {
        say(std::string("FAULT: ") + error.what());
        return 1;
    }
}
