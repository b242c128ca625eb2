#include "app/db/database.hpp"

#include "app/base/error.hpp"
#include "app/base/turn.hpp"

namespace app::db {
namespace {

template <class Run>
void count(Counts& counts, base::Histogram& durations, Run run) {
    const base::Stopwatch watch(durations);
    try {
        run();
    } catch (const base::Error& error) {
        const base::Turn* turn = base::Turn::current();
        const bool goes_on = turn && turn->given_up();  // with a worker, which will count what comes of it
        if (error.code() == base::Code::unavailable && !goes_on) counts.unavailable.add();
        throw;
    }
}

}  // namespace

void Database::counted_read(Task task) {
    count(counts_, counts_.reads, [&] { run_read(task); });
}

void Database::counted_write(Task task) {
    count(counts_, counts_.writes, [&] { run_write(task); });
}

}  // namespace app::db
