// From a row to a Post; for this room's .cpp files.
#pragma once

#include <string>

#include "app/models/post.hpp"

namespace app::models {

// "SELECT ... FROM posts ": every query for a Post selects the same columns in the same order. The username is a subquery and not a
// join: so it is looked up for the rows of the page alone, not for those that OFFSET skips.
const std::string& select_post();

Post to_post(const db::Row& row);

}  // namespace app::models
