// What an account may do. A role is a named set of permission bits; every user has exactly one role.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/db/database.hpp"

namespace app::models {

// One bit each. The numbers are stored: never change one.
enum class Permission : int { follow = 1, comment = 2, write = 4, moderate = 8, admin = 16 };

// Whether `permissions` (a role's bits) has that one.
constexpr bool has_permission(std::int64_t permissions, Permission permission) noexcept {
    return (permissions & static_cast<std::int64_t>(permission)) != 0;
}

struct Role {
    std::int64_t id = 0;
    std::string name;
    std::int64_t permissions = 0;
    bool is_default = false;  // what a new account gets
};

// Writes the roles User (the default), Moderator and Administrator, or mends those whose permissions differ. Run by every
// deploy: a second run changes nothing. Returns how many rows were added or changed.
std::int64_t insert_roles(db::Connection& connection);

// By its exact name.
std::optional<Role> find_role(db::Connection& connection, std::string_view name);

// The role of a new account. Throws unavailable when insert_roles never ran.
Role default_role(db::Connection& connection);

// All of them, ascending id.
std::vector<Role> list_roles(db::Connection& connection);

}  // namespace app::models
