// Names and texts that look like people's; for seed.cpp.
#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "app/models/body.hpp"

namespace app::models {

// The same numbers with every standard library, which its distributions do not promise.
class Dice {
   public:
    explicit Dice(std::uint64_t seed) : engine_(seed) {}

    std::int64_t below(std::int64_t limit) { return static_cast<std::int64_t>(engine_() % static_cast<std::uint64_t>(limit)); }
    // Small numbers more often than large ones.
    std::int64_t skewed_below(std::int64_t limit) { return below(below(limit) + 1); }
    bool one_in(std::int64_t count) { return below(count) == 0; }

   private:
    std::mt19937_64 engine_;
};

// "Maria.Lind42".
std::string make_username(Dice& dice, std::int64_t number);

// So few that rendering them takes no time, so many that one seldom sees two alike.
std::vector<PostBody> make_post_bodies(Dice& dice);
std::vector<CommentBody> make_comment_bodies(Dice& dice);

}  // namespace app::models
