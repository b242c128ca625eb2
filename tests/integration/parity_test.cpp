// The same calls give the same results on SQLite and on MariaDB: random sequences of model calls, made on both and compared after
// every call. DEWAR_PARITY_CALLS says how many, DEWAR_PARITY_SEED begins where a failed run began.
// labels: mariadb
#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <deque>
#include <iostream>

#include "app/base/error.hpp"
#include "app/base/log.hpp"
#include "app/base/text.hpp"
#include "app/db/migrate.hpp"
#include "app/models/role.hpp"
#include "tests/integration/support/model_calls.hpp"
#include "tests/support/mariadb.hpp"

namespace {

using app::db::Connection;
using tests::ModelCall;

constexpr std::int64_t calls_default = 24'000;
constexpr std::int64_t calls_per_round = 8'000;  // then both start afresh: long lists are slow, and say no more
constexpr std::size_t calls_shown = 25;

std::int64_t number_in(const char* variable, std::int64_t otherwise) {
    const char* text = std::getenv(variable);
    if (text == nullptr) return otherwise;
    const auto number = app::base::parse_integer(text);
    if (!number) throw std::runtime_error(std::string(variable) + " is no number");
    return *number;
}

// The transaction of a batch is to be rolled back.
struct TakeBack {};

struct Batch {
    bool writes = false;
    bool taken_back = false;
    std::vector<ModelCall> calls;
};

Batch make_batch(tests::ModelCalls& calls) {
    Batch batch{.writes = calls.below(2) == 0, .taken_back = calls.below(12) == 0, .calls = {}};
    for (std::size_t left = 1 + calls.below(60); left > 0; --left) {
        batch.calls.push_back(batch.writes && calls.below(4) > 0 ? calls.next_write() : calls.next_read());
    }
    return batch;
}

// Digits are left out of its message, for they may be ids.
std::string text_of(const app::base::Error& error) {
    std::string text = std::string(to_string(error.code())) + ": " + error.message();
    std::erase_if(text, [](char c) { return c >= '0' && c <= '9'; });
    for (const auto& field : error.fields()) text += " [" + field.pointer + " " + field.message + "]";
    return text;
}

// One backend with what was made there.
class Side {
   public:
    explicit Side(const std::string& url) : database_(app::db::open({.url = url})) {
        app::db::Lease lease(*database_);
        app::db::migrate(lease, app::db::migrations(database_->dialect()));
        database_->write([](Connection& connection) { app::models::insert_roles(connection); });
    }

    // The results of its calls.
    std::vector<std::string> run(const Batch& batch) {
        const auto before = made_.sizes();
        std::vector<std::string> results;
        const auto task = [&](Connection& connection) {
            made_.cut(before);
            results.clear();
            for (const ModelCall& call : batch.calls) results.push_back(result_of(connection, call));
            if (batch.taken_back) throw TakeBack{};
        };
        try {
            batch.writes ? database_->write(task) : database_->read(task);
        } catch (const TakeBack&) {
            made_.cut(before);
        }
        return results;
    }

    std::string describe() {
        return database_->read([this](Connection& connection) { return tests::describe_all(connection, made_); });
    }

   private:
    // Of a call that throws nothing remains, as if it were alone in its transaction.
    std::string result_of(Connection& connection, const ModelCall& call) {
        if (call.writes) connection.execute("SAVEPOINT one_call");
        try {
            return call.run(connection, made_);
        } catch (const app::base::Error& error) {
            if (call.writes) connection.execute("ROLLBACK TO SAVEPOINT one_call");
            return text_of(error);
        }
    }

    std::unique_ptr<app::db::Database> database_;
    tests::Made made_;
};

// The last calls and their results.
class Story {
   public:
    void add(const ModelCall& call, const std::string& result) {
        lines_.push_back("  " + call.words + "\n    = " + result.substr(0, 300) + "\n");
        if (lines_.size() > calls_shown) lines_.pop_front();
    }
    std::string text() const {
        std::string joined;
        for (const std::string& line : lines_) joined += line;
        return joined;
    }

   private:
    std::deque<std::string> lines_;
};

struct Tally {
    std::int64_t calls = 0;
    std::int64_t refused = 0;  // how many ended in an error
};

// `calls_max` or a few more calls. False at the first difference.
bool run_round(std::uint64_t seed, std::int64_t calls_max, tests::Mariadb& server, Tally& tally) {
    tests::ModelCalls calls(seed);
    Side sqlite("sqlite:temporary"), mysql(server.new_database());
    Story story;
    for (std::int64_t made = 0; made < calls_max;) {
        const Batch batch = make_batch(calls);
        const auto expected = sqlite.run(batch), found = mysql.run(batch);
        for (std::size_t i = 0; i < batch.calls.size(); ++i, ++made, ++tally.calls) {
            story.add(batch.calls[i], expected[i]);
            const bool is_fault = expected[i].starts_with("internal: ") || expected[i].starts_with("unavailable: ");
            if (expected[i] == found[i] && !is_fault) continue;
            FAIL_CHECK("seed " << seed << ", call " << made << "\nSQLite:  " << expected[i] << "\nMariaDB: " << found[i]
                               << "\nthe last calls:\n"
                               << story.text());
            return false;
        }
        tally.refused += std::count_if(expected.begin(), expected.end(), [](const std::string& result) {
            return result.starts_with("conflict: ") || result.starts_with("invalid: ") || result.starts_with("not_found: ");
        });
    }
    const bool same = sqlite.describe() == mysql.describe();
    CHECK_MESSAGE(same, "seed " << seed << ": the tables differ at the end, though no result did");
    return same;
}

}  // namespace

TEST_CASE("Random sequences of model calls give the same results on SQLite and on MariaDB") {
    app::base::set_up_log({.level = "error", .stream = &std::cerr});
    const std::int64_t calls_min = number_in("DEWAR_PARITY_CALLS", calls_default);
    const auto clock = std::chrono::system_clock::now().time_since_epoch().count();
    const auto seed = static_cast<std::uint64_t>(number_in("DEWAR_PARITY_SEED", clock % 1'000'000'000));
    const auto start = std::chrono::steady_clock::now();
    tests::Mariadb server({"--innodb-flush-log-at-trx-commit=0"});
    Tally tally;
    std::uint64_t rounds = 0;
    while (tally.calls < calls_min &&
           run_round(seed + rounds, std::min(calls_per_round, calls_min - tally.calls), server, tally)) {
        ++rounds;
    }
    const auto took = std::chrono::duration_cast<std::chrono::seconds>(std::chrono::steady_clock::now() - start);
    std::cout << "parity: " << tally.calls << " calls in " << rounds << " rounds from seed " << seed << ", " << tally.refused
              << " of them refused, in " << took.count() << " s\n";
    CHECK(tally.calls >= calls_min);
}
