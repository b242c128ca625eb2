// From a row to a User; for this room's .cpp files.
#pragma once

#include <string>

#include "app/models/user.hpp"

namespace app::models {

// "SELECT ... FROM users ": every query for a User selects the same columns in the same order. The role is a subquery and not a join,
// so that no server begins a list of users with their few roles.
const std::string& select_user();

User to_user(const db::Row& row);

}  // namespace app::models
