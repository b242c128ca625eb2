#include "app/models/role.hpp"

#include "tests/unit/models/blog.hpp"

using namespace app;
using namespace app::models;

TEST_CASE("the three roles have their permissions, and User is the default") {
    Blog blog;
    const auto roles = blog.read([](db::Connection& c) { return list_roles(c); });
    REQUIRE(roles.size() == 3);
    CHECK(roles[0].name == "User");
    CHECK(roles[0].permissions == 7);
    CHECK(roles[0].is_default);
    CHECK(roles[1].name == "Moderator");
    CHECK(roles[1].permissions == 15);
    CHECK_FALSE(roles[1].is_default);
    CHECK(roles[2].name == "Administrator");
    CHECK(roles[2].permissions == 31);
    CHECK(blog.read([](db::Connection& c) { return default_role(c).name; }) == "User");
}

TEST_CASE("inserting the roles again changes nothing") {
    Blog blog;
    CHECK(blog.write([](db::Connection& c) { return insert_roles(c); }) == 0);
    CHECK(blog.read([](db::Connection& c) { return list_roles(c).size(); }) == 3);
}

TEST_CASE("inserting the roles mends permissions that were changed") {
    Blog blog;
    blog.write([](db::Connection& c) { c.execute("UPDATE roles SET permissions = 31 WHERE name = 'User'"); });
    CHECK(blog.write([](db::Connection& c) { return insert_roles(c); }) == 1);
    CHECK(blog.read([](db::Connection& c) { return find_role(c, "User")->permissions; }) == 7);
}

TEST_CASE("a role is found by its exact name only") {
    Blog blog;
    CHECK(blog.read([](db::Connection& c) { return find_role(c, "Moderator").has_value(); }));
    CHECK_FALSE(blog.read([](db::Connection& c) { return find_role(c, "moderator").has_value(); }));
    CHECK_FALSE(blog.read([](db::Connection& c) { return find_role(c, "Moderator ").has_value(); }));
}

TEST_CASE("without roles, the error says what to run") {
    const auto database = db::open({.url = tests::new_database_url()});
    create_tables(*database);
    check_error(error_of([&] { database->read([](db::Connection& c) { return default_role(c); }); }), base::Code::unavailable,
                "the database has no roles yet: run `manage deploy`");
}
