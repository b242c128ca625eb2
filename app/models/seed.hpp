// Many rows for trials: accounts that follow each other, posts and comments with Markdown in them, as many as wanted, fast. The
// same request on a database with the same rows makes the same rows, on every backend.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "app/db/database.hpp"

namespace app::models {

struct SeedRequest {
    std::int64_t users = 0;
    std::int64_t posts = 0;     // by these users: some write much, some seldom
    std::int64_t comments = 0;  // on these posts, by these users; one in fifty is disabled
    std::uint64_t seed = 1;
    std::string password_hash;  // of every account; "" is no hash, so that nobody signs in with any password
};

// Adds to what is there, some thousand rows per transaction, with every count that is kept: so that it may be interrupted. `on_rows`
// gets the number of rows so far (each account, post and comment is one). Needs the roles. Throws invalid for numbers below 0, posts
// without users and comments without posts; conflict when an account has one of the names, or when somebody else adds rows meanwhile.
// Not on a loop's thread.
void seed(db::Database& database, const SeedRequest& request, const std::function<void(std::int64_t)>& on_rows = {});

}  // namespace app::models
