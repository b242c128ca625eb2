// Random calls of the models, each of which can be made on any backend and tells its result as text, so that two backends may be
// compared. Ids differ between backends (a refused INSERT leaves a gap on MySQL): a call names "the account that was the n-th to be
// made", and a result says so too.
#pragma once

#include <cstdint>
#include <functional>
#include <random>
#include <string>
#include <vector>

#include "app/base/secret.hpp"
#include "app/db/database.hpp"
#include "app/models/body.hpp"
#include "tests/integration/support/model_texts.hpp"

namespace tests {

struct ModelCall {
    std::string words;  // the function and its arguments, for people
    bool writes = false;
    std::function<std::string(app::db::Connection&, Made&)> run;  // throws as the model does
};

class ModelCalls {
   public:
    // The same seed gives the same calls.
    explicit ModelCalls(std::uint64_t seed);

    ModelCall next_read();
    ModelCall next_write();
    std::size_t below(std::size_t count) { return random_() % count; }

   private:
    struct Reference;

    ModelCall user_read();
    ModelCall list_read();
    ModelCall slice_read();
    ModelCall add_user();
    ModelCall user_write();
    ModelCall post_write();
    ModelCall comment_write();
    ModelCall follow_write();

    Reference reference();
    std::string name();
    std::string email();
    std::string role();
    std::string odd();
    app::base::Timestamp time();

    std::mt19937_64 random_;
    app::base::Signer signer_{"the key of the parity test", {}};
    std::vector<app::models::PostBody> posts_;
    std::vector<app::models::CommentBody> comments_;
};

}  // namespace tests
