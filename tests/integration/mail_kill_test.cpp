// `manage runserver` killed as by kill -9, round after round, while mails are queued and it delivers them to a real server: each mail
// arrives, and one that arrives twice has the same Message-ID. DEWAR_KILL_ROUNDS says how often; the twenty times are in the full run.
// labels: concurrent
// backends: sqlite mysql
#include <cstdlib>
#include <iostream>
#include <random>
#include <stop_token>

#include "app/web/json.hpp"
#include "tests/integration/support/outbox.hpp"
#include "tests/integration/support/running.hpp"

namespace {

using namespace tests;
using namespace std::chrono_literals;

// Queues mails, one after the other, until it is stopped.
class Load {
   public:
    explicit Load(Outbox& outbox)
        : thread_([this, &outbox](const std::stop_token& over) {
              while (!over.stop_requested()) {
                  queued_.push_back(outbox.add("mail " + std::to_string(queued_.size())).second);
                  std::this_thread::sleep_for(10ms);
              }
          }) {}

    // The Message-IDs of all mails whose write has returned.
    std::vector<std::string> stop() {
        thread_.request_stop();
        thread_.join();
        return queued_;
    }

   private:
    std::vector<std::string> queued_;
    std::jthread thread_;
};

std::map<std::string, int> arrived(const SmtpServer& server) {
    std::map<std::string, int> times;
    const int count = server.count();
    for (int i = 1; i <= count; ++i) {
        const std::string id = *app::web::parse_json(server.description(i)).find("message_id")->string();
        ++times[id.substr(1, id.size() - 2)];  // without its angles
    }
    return times;
}

// As if so much time had passed that every lease is over.
void end_leases(Outbox& outbox) {
    outbox.database->write(
        [](app::db::Connection& c) { c.execute("UPDATE mails SET due_at = ? WHERE state = 'sending'", app::base::now()); });
}

// Within five minutes.
bool drained(Outbox& outbox) {
    for (int i = 0; i < 3000 && !outbox.is_done(); ++i) std::this_thread::sleep_for(100ms);
    return outbox.is_done();
}

}  // namespace

TEST_CASE("Killed again and again while it delivers, the server loses no mail") {
    const char* wanted = std::getenv("DEWAR_KILL_ROUNDS");
    const int rounds = wanted ? std::atoi(wanted) : 4;
    const SmtpServer server;
    Outbox outbox;
    outbox.set_mail_port(server.port("plain"));
    outbox.environment["MAIL_TIMEOUT"] = "5";
    Load load(outbox);
    std::minstd_rand random{std::random_device{}()};
    int left_under_way = 0;
    for (int round = 0; round < rounds; ++round) {
        Process running(outbox.start({"runserver", "--port", "0"}));
        port_of(running);
        const int before = server.count();
        REQUIRE(soon([&] { return server.count() > before; }));
        std::this_thread::sleep_for(std::chrono::milliseconds(std::uniform_int_distribution<>(0, 300)(random)));
        running.send(SIGKILL);
        CHECK(running.wait().exit_code == 128 + SIGKILL);
        left_under_way = static_cast<int>(outbox.count(app::models::MailState::sending));
    }
    const std::vector<std::string> queued = load.stop();
    if (!wanted) end_leases(outbox);  // else it is waited for
    Process running(outbox.start({"runserver", "--port", "0"}));
    CHECK(drained(outbox));
    running.send(SIGTERM);
    CHECK(running.wait().exit_code == 0);

    const std::map<std::string, int> times = arrived(server);
    int lost = 0, doubled = 0;
    for (const std::string& id : queued) {
        const auto found = times.find(id);
        lost += found == times.end();
        doubled += found != times.end() && found->second > 1;
    }
    std::cout << "kill -9: " << rounds << " times, " << left_under_way << " mails left under way; " << queued.size()
              << " mails queued, " << times.size() << " arrived, " << lost << " lost, " << doubled
              << " arrived more than once with the same Message-ID\n";
    CHECK(lost == 0);
    CHECK(times.size() == queued.size());
    CHECK(doubled <= rounds);
    CHECK(outbox.count(app::models::MailState::sent) == std::ssize(queued));
}
