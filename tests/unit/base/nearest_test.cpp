#include "app/base/nearest.hpp"

#include <doctest/doctest.h>

#include <array>
#include <string>

using app::base::nearest;

namespace {

constexpr std::array<std::string_view, 4> names{"development", "testing", "production", "docker"};

}  // namespace

TEST_CASE("a letter left out, added, changed or swapped leads to the word that was meant") {
    CHECK(nearest("developmnt", names) == "development");
    CHECK(nearest("testting", names) == "testing");
    CHECK(nearest("docter", names) == "docker");
    CHECK(nearest("prodcution", names) == "production");
}

TEST_CASE("swapping two neighbours is one edit, so that a word of four letters survives it") {
    constexpr std::array<std::string_view, 1> keys{"port"};
    CHECK(nearest("prot", keys) == "port");
    CHECK(nearest("tropt", keys) == "");
}

TEST_CASE("case makes no difference") { CHECK(nearest("DOCKR", names) == "docker"); }

TEST_CASE("the beginning of exactly one word leads to it") {
    constexpr std::array<std::string_view, 2> commands{"routes", "routes-all"};
    CHECK(nearest("prod", names) == "production");
    CHECK(nearest("rou", commands) == "");
}

TEST_CASE("a word that is near to none leads nowhere") {
    CHECK(nearest("banana", names) == "");
    CHECK(nearest("", names) == "");
    CHECK(nearest("x", names) == "");
    CHECK(nearest(std::string(100000, 'd'), names) == "");
    CHECK(nearest("production", {}) == "");
}

TEST_CASE("the first of two equally near words is taken") {
    constexpr std::array<std::string_view, 2> words{"beat", "bear"};
    CHECK(nearest("bead", words) == "beat");
}
