#include "app/models/role.hpp"

#include "app/base/error.hpp"

namespace app::models {

namespace {

struct KnownRole {
    std::string_view name;
    std::int64_t permissions;
    bool is_default;
};

constexpr std::int64_t user_permissions = static_cast<std::int64_t>(Permission::follow) |
                                          static_cast<std::int64_t>(Permission::comment) |
                                          static_cast<std::int64_t>(Permission::write);
constexpr std::int64_t moderator_permissions = user_permissions | static_cast<std::int64_t>(Permission::moderate);

constexpr KnownRole known_roles[] = {
    {"User", user_permissions, true},
    {"Moderator", moderator_permissions, false},
    {"Administrator", moderator_permissions | static_cast<std::int64_t>(Permission::admin), false},
};

Role to_role(const db::Row& row) { return {row.integer(0), std::string{row.text(1)}, row.integer(2), row.boolean(3)}; }

}  // namespace

std::int64_t insert_roles(db::Connection& connection) {
    std::int64_t changed = 0;
    for (const KnownRole& known : known_roles) {
        const auto role = find_role(connection, known.name);
        if (!role) {
            connection.execute("INSERT INTO roles (name, permissions, is_default) VALUES (?, ?, ?)", known.name,
                               known.permissions, known.is_default);
            ++changed;
        } else if (role->permissions != known.permissions || role->is_default != known.is_default) {
            connection.execute("UPDATE roles SET permissions = ?, is_default = ? WHERE id = ?", known.permissions,
                               known.is_default, role->id);
            ++changed;
        }
    }
    return changed;
}

std::optional<Role> find_role(db::Connection& connection, std::string_view name) {
    auto role = connection.find("SELECT id, name, permissions, is_default FROM roles WHERE name = ?", to_role, name);
    if (role && role->name != name) return std::nullopt;  // MySQL compares without the blanks at the end
    return role;
}

Role default_role(db::Connection& connection) {
    auto role =
        connection.find("SELECT id, name, permissions, is_default FROM roles WHERE is_default = 1 ORDER BY id LIMIT 1", to_role);
    if (!role) throw base::Error(base::Code::unavailable, "the database has no roles yet: run `manage deploy`");
    return *std::move(role);
}

std::vector<Role> list_roles(db::Connection& connection) {
    return connection.list("SELECT id, name, permissions, is_default FROM roles ORDER BY id", to_role);
}

}  // namespace app::models
