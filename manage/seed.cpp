// `manage seed`: accounts, posts and comments for trials, as many as wanted.
#include "app/models/seed.hpp"

#include "app/base/error.hpp"
#include "app/base/text.hpp"
#include "manage/accounts.hpp"
#include "manage/commands.hpp"
#include "manage/progress_bar.hpp"
#include "manage/terminal.hpp"

namespace manage {

namespace {

using app::models::SeedRequest;

constexpr std::int64_t rows_max = 100'000'000;

std::int64_t number(const Invocation& invocation, const std::string& option, std::int64_t otherwise) {
    const auto text = invocation.find(option);
    if (!text) return otherwise;
    const auto number = app::base::parse_integer(*text);
    if (!number || *number < 0 || *number > rows_max) {
        throw UsageError("seed: " + option + " is a number from 0 to " + with_commas(rows_max) + ", not " + *text);
    }
    return *number;
}

// Made-up rows are hard to tell from real ones once they are in.
void require_trial(Invocation& invocation) {
    const config::Config& config = invocation.config();
    if (config.debug || config.testing || invocation.has("--force")) return;
    throw UsageError("seed: the config " + config.name +
                     " is for production, and made-up rows do not go away again: say --force if they are meant for it");
}

int run_seed(Invocation& invocation) {
    require_trial(invocation);
    SeedRequest request{.users = number(invocation, "--users", 100),
                        .posts = number(invocation, "--posts", 1'000),
                        .comments = number(invocation, "--comments", 3'000),
                        .seed = static_cast<std::uint64_t>(number(invocation, "--seed", 1)),
                        .password_hash = {}};
    app::db::Database& database = invocation.database();
    const bool with_password = invocation.has("--password-stdin");
    if (with_password) request.password_hash = hash_password(invocation.config(), read_password());
    const Stopwatch stopwatch;
    {
        ProgressBar bar("Seeding");
        const std::int64_t total = request.users + request.posts + request.comments;
        app::models::seed(database, request, [&](std::int64_t rows) { bar.show(rows, total); });
    }
    const std::int64_t rows = request.users + request.posts + request.comments;
    invocation.print("Added " + with_commas(request.users) + " users, " + with_commas(request.posts) + " posts and " +
                     with_commas(request.comments) + " comments in " + as_duration(stopwatch.elapsed_ms()) + " (" +
                     with_commas(stopwatch.per_second(rows)) + " rows/s).\n" +
                     (with_password ? "The users sign in with the password that was given; `manage user list` shows them.\n"
                                    : "No password signs these users in; `manage user password EMAIL` gives one to a user.\n"));
    return 0;
}

}  // namespace

Command seed() {
    return {
        .name = "seed",
        .help = "Add made-up users, posts and comments for trials",
        .example = "  manage seed --users 1000 --posts 100000 --comments 300000\n"
                   "  echo secret99 | manage seed --seed 7 --password-stdin",
        .options = {{.name = "--users", .value_name = "N", .help = "how many; 100 if nothing is said"},
                    {.name = "--posts", .value_name = "N", .help = "how many; 1,000 if nothing is said"},
                    {.name = "--comments", .value_name = "N", .help = "how many; 3,000 if nothing is said"},
                    {.name = "--seed", .value_name = "S", .help = "the same number makes the same rows; 1 if nothing is said"},
                    {.name = "--password-stdin",
                     .kind = Option::Kind::flag,
                     .help = "read one password for all of them from standard input; without, none fits"},
                    {.name = "--force", .kind = Option::Kind::flag, .help = "also with a config for production"}},
        .run = run_seed};
}

}  // namespace manage
